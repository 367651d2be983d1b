import { UserError } from '../../process/user-error.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { type StackFlags, stackFrom } from '../../runner/stack-from.ts'
import type { RealmUse } from '../../scenario/own-realm/needed-clients.ts'

/**
 * The stack that the command line chooses, with the person's own realm and policy where it names them. What of a realm
 * is made up or not used is told on standard error.
 * @param uses what the stack is for, beside running the agent
 * @throws {UserError} as {@link stackFrom}, and for a realm or policy that the lab cannot run on
 */
export async function stackOf(flags: StackFlags, uses: readonly RealmUse[] = []): Promise<StackOptions> {
  const stack = await stackFrom(flags)
  const { realm: realmFile, policy: folder } = flags
  if (realmFile === undefined && folder === undefined) return stack
  const realm = await realmOf(realmFile, stack, uses)
  const { labPolicyFor, readOwnPolicy } = await import('../../ops/policy/own-policy.ts')
  const policy = folder === undefined ? labPolicyFor(realm) : await readOwnPolicy(folder, realm)
  if (stack.opaUrl !== undefined && policy.revision === '') {
    throw new UserError(
      `the OPA server at ${stack.opaUrl} cannot have this realm's facts or this policy: write them with pnpm run policy build ${folder ?? './my-opa'}, serve that folder, and name it as --policy; or use --pdp wasm`,
    )
  }
  const own = [
    ...(realmFile === undefined ? [] : ['realm' as const]),
    ...(folder === undefined ? [] : ['policy' as const]),
  ]
  return { ...stack, realm, policy, own }
}

async function realmOf(file: string | undefined, { keycloak }: StackOptions, uses: readonly RealmUse[]) {
  if (file === undefined) return (await import('../../scenario/realm/index.ts')).readRealm()
  const { readOwnRealm } = await import('../../scenario/own-realm/read-own-realm.ts')
  const { realm, madeIds, notes } = readOwnRealm(file, uses)
  if (keycloak && madeIds.length > 0) {
    throw new UserError(
      `realm file ${file}: no id for ${madeIds.join(', ')}, and Keycloak gives its own at each import: write them with pnpm run new --realm ./ready.json --from ${file}`,
    )
  }
  for (const note of notes) process.stderr.write(`${note}\n`)
  return realm
}
