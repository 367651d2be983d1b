import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../process/user-error.ts'

/** The project's policy. */
export const policyFolder = fileURLToPath(new URL('../../../opa/', import.meta.url))

/** The sources and the OPA version of `policy.wasm`, kept beside it: its freshness is checked without OPA. */
interface PolicyRecord {
  /** The OPA release that compiled it. */
  readonly opa: string
  /** SHA-256, in hex, of the Rego sources, of `data.json` and of `policy.wasm`. */
  readonly sha256: Readonly<Record<string, string>>
}

const recordFile = 'policy.wasm.json'

/** The bundle's manifest, which an OPA server reads: it names the policy's revision with every answer. */
const manifestFile = '.manifest'

/** The Rego files that are compiled, in a fixed order; tests are not. */
export function sources(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
    .sort()
}

/** Records a build: `policy.wasm` was just compiled from what is in the folder. */
export function recordBuild(folder: string, opa: string): void {
  write(folder, { opa, sha256: digests(folder) })
  writeFileSync(join(folder, manifestFile), manifest(folder))
}

/** Records new data for the same `policy.wasm`: data is loaded beside it and not compiled in. */
export function recordData(folder: string): void {
  const { opa, sha256 } = read(folder)
  write(folder, { opa, sha256: { ...sha256, 'data.json': digest(folder, 'data.json') } })
  writeFileSync(join(folder, manifestFile), manifest(folder))
}

/** The revision of the policy in the folder: SHA-256, in hex, over its Rego sources and `data.json`. */
export function revisionOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of [...sources(folder), 'data.json']) hash.update(`${digest(folder, name)}  ${name}\n`)
  return hash.digest('hex')
}

/** `roots`: what of OPA's data the bundle owns; nothing else may write there. `system` says who may ask the server. */
function manifest(folder: string): string {
  const data = Object.keys(JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8')))
  const roots = ['agentauth', 'system', ...data]
  return `${JSON.stringify({ revision: revisionOf(folder), roots }, null, 2)}\n`
}

/** The changes since `policy.wasm` was built, one phrase each; empty if it is fresh. */
export function staleness(folder: string): string[] {
  const { sha256 } = read(folder)
  const missing = Object.keys(sha256).filter((name) => !existsSync(join(folder, name)))
  const changed = inputsAndOutput(folder).filter((name) => sha256[name] !== digest(folder, name))
  const findings = [
    ...missing.map((name) => `${name} is missing`),
    ...changed.map((name) => `${name} has changed`),
  ]
  // The manifest follows from the rest: it is only worth a word where the rest is fresh.
  return findings.length > 0 || manifestIsFresh(folder)
    ? findings
    : [`${manifestFile} names another revision`]
}

/** True where `policy.wasm` was built from the Rego beside it, whatever the data are. */
export function isBuiltFrom(folder: string): boolean {
  if (!existsSync(join(folder, recordFile)) || !existsSync(join(folder, 'policy.wasm'))) return false
  const { sha256 = {} } = read(folder)
  const recorded = Object.keys(sha256).filter((name) => name.endsWith('.rego'))
  const names = [...sources(folder), 'policy.wasm']
  return recorded.length === names.length - 1 && names.every((name) => sha256[name] === digest(folder, name))
}

function manifestIsFresh(folder: string): boolean {
  const path = join(folder, manifestFile)
  return existsSync(path) && readFileSync(path, 'utf8') === manifest(folder)
}

function inputsAndOutput(folder: string): string[] {
  return [...sources(folder), 'data.json', 'policy.wasm'].filter((name) => existsSync(join(folder, name)))
}

function digests(folder: string): Record<string, string> {
  return Object.fromEntries(inputsAndOutput(folder).map((name) => [name, digest(folder, name)]))
}

function digest(folder: string, name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex')
}

/** @throws {UserError} where there is no record that can be read */
function read(folder: string): PolicyRecord {
  try {
    return JSON.parse(readFileSync(join(folder, recordFile), 'utf8'))
  } catch (error) {
    throw new UserError(
      `opa/${recordFile} cannot be read (${(error as Error).message}); run: pnpm run policy build`,
    )
  }
}

function write(folder: string, record: PolicyRecord): void {
  writeFileSync(join(folder, recordFile), `${JSON.stringify(record, null, 2)}\n`)
}
