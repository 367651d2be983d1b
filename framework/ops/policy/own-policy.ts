import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Pdp, type PolicyName, type Resource, visible } from '@lab/contract'
import { isBuiltFrom, policyFolder, revisionOf, sources } from '../../parties/pdp/policy-record.ts'
import { openWasmPdp } from '../../parties/pdp/wasm-pdp.ts'
import { cacheFolder } from '../../process/folders.ts'
import { shortPath } from '../../process/short-path.ts'
import { Finding, Problems, UserError } from '../../process/user-error.ts'
import type { OwnPolicy } from '../../runner/pdps.ts'
import type { Realm } from '../../scenario/realm/index.ts'
import { foundOpa } from '../native-stack/opa-binary.ts'
import { compileWasm, findAnyOpa, regoErrors } from './opa.ts'
import { policyData } from './policy-data.ts'

/** The questions that the lab asks, each with a resource that it is asked about. */
const questions: Readonly<Record<PolicyName, Resource>> = {
  gate: { type: 'tool', id: 'list_expenses' },
  scope: { type: 'expense', id: '101', owner: 'alice' },
  relationships: { type: 'expense', id: '101', owner: 'alice' },
  agents: { type: 'expense', id: '101', owner: 'alice' },
}
const names = Object.keys(questions) as PolicyName[]
const entryPoints = names.map((name) => `agentauth/${name}/decisions`)

/**
 * Reads a folder of Rego as the policy of the lab: checks that it answers the three questions, and compiles it where
 * `policy.wasm` was not built from it.
 * @param realm whose users and delegations the policy decides on
 * @throws {UserError} with all problems at once, one a line, each with its file and its remedy
 */
export async function readOwnPolicy(folder: string, realm: Realm): Promise<OwnPolicy> {
  requireFolder(folder)
  const data = { ...ownData(folder), ...policyData(realm) }
  const missing = missingQuestions(folder)
  const wasm = isBuiltFrom(folder) ? builtAlready(folder, missing) : compiled(folder, missing)
  refuseAny(folder, await wrongAnswers(await openWasmPdp({ wasm, data })))
  const revision = existsSync(join(folder, 'data.json')) ? revisionOf(folder) : ''
  return { wasm, data, revision }
}

/** The policy of `opa/` with the facts of another realm. */
export function labPolicyFor(realm: Realm): OwnPolicy {
  const data = policyData(realm)
  const wasm = readFileSync(join(policyFolder, 'policy.wasm'))
  // An OPA server has the facts of the lab's own realm: other facts are another policy.
  const isSame = isDeepStrictEqual(data, JSON.parse(readFileSync(join(policyFolder, 'data.json'), 'utf8')))
  return { wasm, data, revision: isSame ? revisionOf(policyFolder) : '' }
}

function requireFolder(folder: string): void {
  const place = visible(shortPath(folder))
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`policy ${place}: no such folder; create one: pnpm run new --policy ${place}`)
  }
  if (sources(folder).length === 0) {
    throw new UserError(
      `policy ${place}: no .rego file in it; start from the lab's: pnpm run new --policy ./my-opa`,
    )
  }
}

/** The person's own facts. The realm's come over them. */
function ownData(folder: string): object {
  const file = join(folder, 'data.json')
  if (!existsSync(file)) return {}
  try {
    const data = JSON.parse(readFileSync(file, 'utf8'))
    if (data && typeof data === 'object' && !Array.isArray(data)) return data
  } catch {
    // Said below, as what is JSON and no object is.
  }
  throw refusal(folder, ['data.json: not a JSON object: correct it, or take it out'])
}

/** The questions that no rule answers. */
function missingQuestions(folder: string): string[] {
  const files = sources(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  return names.flatMap((name) => {
    const own = files.filter(({ text }) =>
      new RegExp(`^\\s*package\\s+agentauth\\.${name}\\s*(#.*)?$`, 'm').test(text),
    )
    const [first] = own
    if (!first) return [`${name}.rego: no file has package agentauth.${name}: add it, with a rule decisions`]
    if (own.some(({ text }) => /^\s*(default\s+)?decisions\b/m.test(text))) return []
    return [
      `${first.name}: package agentauth.${name} has no rule decisions: add one decision for each resource`,
    ]
  })
}

function builtAlready(folder: string, missing: readonly string[]): Uint8Array {
  refuseAny(folder, missing)
  return readFileSync(join(folder, 'policy.wasm'))
}

function compiled(folder: string, missing: readonly string[]): Uint8Array {
  const opa = opaFor(folder, missing)
  const errors = regoErrors(opa, folder).map(
    ({ file, row, message }) =>
      `${file ?? 'the Rego'}${row === undefined ? '' : `:${row}`}: ${message}: correct it`,
  )
  refuseAny(folder, [...errors, ...missing])
  try {
    return compileWasm(opa, folder, entryPoints)
  } catch (error) {
    if (!(error instanceof Finding)) throw error
    throw refusal(folder, [`${error.message.split('\n').slice(1).join(' ')}: correct it`])
  }
}

function opaFor(folder: string, missing: readonly string[]): string {
  try {
    return foundOpa(cacheFolder(process.env)) ?? findAnyOpa()
  } catch (error) {
    const reason = (error as Error).message
    throw refusal(folder, [...missing, `policy.wasm: not built from the Rego beside it, and ${reason}`])
  }
}

/** Asks each question for nobody: the answer must be one decision that refuses. */
async function wrongAnswers(pdp: Pdp): Promise<string[]> {
  const wrong = await Promise.all(
    names.map(async (name) => {
      const input = {
        subject: { user: '', roles: [] },
        actors: [],
        scopes: [],
        action: 'expenses:read',
        resources: [questions[name]],
      } as const
      const where = `agentauth/${name}/decisions`
      try {
        const [decision] = await pdp.decide(name, input)
        if (decision?.allow === false) return []
        return [`${where}: allows a caller without a user: let it refuse where input.subject.user is ""`]
      } catch {
        return [
          `${where}: answers no list of { allow, rule, reason }, one for each of input.resources: correct it`,
        ]
      }
    }),
  )
  return wrong.flat()
}

/** @throws {UserError} if there are problems */
function refuseAny(folder: string, problems: readonly string[]): void {
  if (problems.length > 0) throw refusal(folder, problems)
}

function refusal(folder: string, problems: readonly string[]): Problems {
  return new Problems(`policy ${shortPath(folder)}`, problems)
}
