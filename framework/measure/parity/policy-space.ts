import {
  type Pdp,
  type PolicyInput,
  type PolicyName,
  type Resource,
  roles,
  scopes,
  tools,
} from '@lab/contract'
import { openDatabase } from '@lab/services'
import { usernames } from '../../scenario/realm/lookup.ts'
import type { Realm } from '../../scenario/realm/realm.ts'
import { allResources } from '../../scenario/targets.ts'
import { type Difference, differencesOf } from './difference.ts'

/** The number of questions to the server at a time. */
const atOnce = 16

/**
 * Asks two PDPs everything that there is to ask: users × roles × scopes × actions × actors, each about every tool,
 * row and account at once, with names and shapes that nobody has among them.
 * @returns how many decisions were compared, and those that differ in decision, rule or reason
 */
export async function comparePolicies(
  wasm: Pdp,
  server: Pdp,
  realm: Realm,
  onProgress: (line: string) => void,
): Promise<{ readonly decisions: number; readonly differences: readonly Difference[] }> {
  const resources = resourcesOf(realm)
  const questions = [...questionsOf(realm, resources)]
  const differences: Difference[] = []
  let decisions = 0
  for (let at = 0; at < questions.length; at += atOnce) {
    const found = await Promise.all(
      questions.slice(at, at + atOnce).map((question) => compare(wasm, server, question)),
    )
    differences.push(...found.flat())
    decisions += found.length * resources.length
    onProgress(`policy: ${decisions} of ${questions.length * resources.length} decisions`)
  }
  return { decisions, differences }
}

type Question = { readonly policy: PolicyName; readonly input: PolicyInput }

async function compare(wasm: Pdp, server: Pdp, { policy, input }: Question): Promise<Difference[]> {
  const [ours, theirs] = await Promise.all([wasm.decide(policy, input), server.decide(policy, input)])
  return theirs.flatMap((decision, at) => {
    const { subject, actors, scopes, action } = input
    const asked = JSON.stringify({ subject, actors, scopes, action, resource: input.resources[at] })
    const { allow, rule, reason } = ours[at] ?? { allow: undefined, rule: undefined, reason: undefined }
    return differencesOf(
      `${policy} ${asked}`,
      { allow: String(allow), rule, reason },
      { ...decision, allow: String(decision.allow) },
    )
  })
}

function* questionsOf(realm: Realm, resources: readonly Resource[]): Generator<Question> {
  const users = [...usernames(realm), 'mallory', '']
  const actions = [...scopes, 'expenses:delete' as PolicyInput['action']]
  for (const policy of ['gate', 'scope', 'relationships'] as const)
    for (const user of users)
      for (const held of subsetsOf(roles))
        for (const action of actions)
          for (const granted of scopeSets(action))
            for (const actors of actorChains)
              yield {
                policy,
                input: {
                  subject: { user, roles: held },
                  client: 'mcp-server',
                  actors,
                  scopes: granted,
                  action,
                  resources,
                },
              }
  yield* questionsAboutAgents(actions, resources)
}

/** Agents ask for themselves: what differs is who asks, and whether anybody else is named. */
function* questionsAboutAgents(
  actions: readonly PolicyInput['action'][],
  resources: readonly Resource[],
): Generator<Question> {
  for (const user of ['', 'alice'])
    for (const client of [undefined, 'nightly-job', 'mcp-server'])
      for (const action of actions)
        for (const granted of scopeSets(action))
          for (const actors of actorChains)
            yield {
              policy: 'agents',
              input: {
                subject: { user, roles: [] },
                ...(client && { client }),
                actors,
                scopes: granted,
                action,
                resources,
              },
            }
}

const actorChains = [[], ['mcp-server'], ['rogue-agent'], ['mcp-server', 'rogue-agent']]

/** None, the one, and every other one with one that only begins like it. */
function scopeSets(action: string): string[][] {
  return [[], [action], [...scopes.filter((scope) => scope !== action), action.slice(0, -1)]]
}

function resourcesOf(realm: Realm): Resource[] {
  const database = openDatabase(
    realm.users.map(({ sub, username, roles, department }) => ({ sub, name: username, roles, department })),
  )
  const rows = allResources(database.snapshot())
  database.close()
  const odd = [
    { type: 'expense', id: 'unowned', owner: '' },
    { type: 'expense', id: 'foreign', owner: 'mallory' },
    { type: 'document', id: 'unknown', group: 'nowhere' },
    { type: 'user', id: 'mallory' },
    { type: 'tool', id: '' },
  ] as const
  const known = Object.keys(tools).map((id) => ({ type: 'tool', id }) as const)
  return [...known, ...rows, ...odd]
}

function subsetsOf<T>(values: readonly T[]): T[][] {
  const sets: T[][] = [[]]
  for (const value of values) sets.push(...sets.map((set) => [...set, value]))
  return sets
}
