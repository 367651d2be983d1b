import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { sources } from '../../parties/pdp/policy-record.ts'
import { toolEnvironment } from '../../process/child-environment.ts'
import { Finding, UserError } from '../../process/user-error.ts'

/** The OPA release that compiles `policy.wasm`: another one gives other bytes. */
export const opaVersion = '1.22.2'

const remedy = `go install github.com/open-policy-agent/opa@v${opaVersion} (or set OPA_BIN to the binary)`

/**
 * The OPA binary.
 * @param binary default: `OPA_BIN`, or `opa` on the PATH
 * @throws {UserError} where there is none, or one of another release
 */
export function findOpa(binary = process.env.OPA_BIN || 'opa'): string {
  const version = versionOf(binary)
  if (version !== opaVersion) {
    throw new UserError(
      `${binary} is OPA ${version}, policy.wasm is built by ${opaVersion}; install that: ${remedy}`,
    )
  }
  return binary
}

/** The OPA binary of any release: for a policy whose bytes nobody compares. @throws {UserError} where there is none */
export function findAnyOpa(binary = process.env.OPA_BIN || 'opa'): string {
  versionOf(binary)
  return binary
}

function versionOf(binary: string): string {
  const env = toolEnvironment(process.env)
  const { error, stdout } = spawnSync(binary, ['version'], { encoding: 'utf8', env })
  if (error) throw new UserError(`opa was not found (${binary}); install it: ${remedy}`)
  return /^Version: (\S+)$/m.exec(stdout)?.[1] ?? 'unknown'
}

/** An error of the Rego compiler, with its place. */
export interface RegoError {
  readonly message: string
  readonly file?: string
  readonly row?: number
}

const CheckOutput = z.object({
  errors: z
    .array(
      z.object({
        message: z.string(),
        location: z.object({ file: z.string(), row: z.int() }).optional(),
      }),
    )
    .default([]),
})

/** Everything that keeps the Rego of a folder from compiling: of one phase, as OPA tells it. */
export function regoErrors(opa: string, folder: string): RegoError[] {
  const { stdout, stderr, status } = spawnSync(opa, ['check', '--format', 'json', ...sources(folder)], {
    cwd: folder,
    encoding: 'utf8',
    env: toolEnvironment(process.env),
  })
  if (status === 0) return []
  const said = `${stdout}${stderr}`
  const { errors } = CheckOutput.catch({ errors: [] }).parse(jsonIn(said))
  if (errors.length === 0) return [{ message: said.trim().split('\n')[0] ?? 'opa check failed' }]
  const all = errors.map(({ message, location }) => ({
    message: message.split('\n')[0] ?? '',
    ...(location && { file: location.file, row: location.row }),
  }))
  // A parser that has lost its way says more of the same line.
  return [
    ...new Map(all.toReversed().map((each) => [`${each.file}:${each.row}`, each])).values(),
  ].toReversed()
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/**
 * Compiles the Rego of a folder.
 * @param entryPoints the rules that can be asked, beside those that a metadata comment names
 * @throws {Finding} if it does not compile
 */
export function compileWasm(opa: string, folder: string, entryPoints: readonly string[] = []): Buffer {
  const scratch = mkdtempSync(join(tmpdir(), 'policy-'))
  try {
    const bundle = join(scratch, 'bundle.tar.gz')
    // Bare file names, since their paths end up in the WebAssembly. Without data.json and -O: an optimizer that sees
    // the data compiles it in, and here it makes nothing smaller or faster.
    const entries = entryPoints.flatMap((name) => ['--entrypoint', name])
    run(opa, ['build', '--target', 'wasm', '--output', bundle, ...entries, ...sources(folder)], folder)
    run('tar', ['-xzf', bundle, '-C', scratch], folder)
    return readFileSync(join(scratch, 'policy.wasm'))
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Formatting, strict type check, tests, and that the tests reach every rule. @throws {Finding} for what fails */
export function verifyRego(opa: string, folder: string): void {
  run(opa, ['fmt', '--fail', '--list', '.'], folder)
  run(opa, ['check', '--bundle', '--strict', '.'], folder)
  run(opa, ['test', '--bundle', '--fail-on-empty', '.'], folder)
  run(opa, ['test', '--bundle', '--coverage', '--threshold', '100', '.'], folder)
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: toolEnvironment(process.env),
  })
  if (error) throw new UserError(`${command} could not be run (${error.message})`)
  if (status !== 0) throw new Finding(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`.trimEnd())
}
