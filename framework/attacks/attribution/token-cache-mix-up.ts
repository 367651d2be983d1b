import type { ToolName } from '@lab/contract'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import type { Attacker } from '../attacker/attacker.ts'
import { type Caller, decisive } from '../attacker/caller.ts'
import { allowed, type Effect, newExpensesOf } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

const users = ['alice', 'bob', 'dave']

/** Each tool, so that each service is called to read, to search and to write. */
const calls: readonly { readonly tool: ToolName; readonly args: Readonly<Record<string, unknown>> }[] = [
  { tool: 'list_expenses', args: {} },
  { tool: 'search_documents', args: { query: 'runbook' } },
  { tool: 'submit_expense', args: { amount: 42, description: 'lunch' } },
  { tool: 'approve_expense', args: { id: 103 } },
  // The role that he has already: another one would change what is decided from then on.
  { tool: 'set_user_role', args: { user: 'dave', role: 'read-only' } },
]

/** One call, and who made it. */
interface Made {
  readonly user: string
  readonly tool: ToolName
  readonly trace: string
}

export const tokenCacheMixUp: Attack = {
  id: 'token-cache-mix-up',
  story:
    'Three users call each tool at the same time, and one by one, and once more after a challenge, and one of them wants what was made for another.',
  owasp: ['ASI03', 'ASI07', 'MCP10'],
  cwe: ['CWE-488', 'CWE-524'],
  aisvs: ['10.2.3'],
  judgedBy:
    'the user whom the records name for each call, the owner of each new row, and decisions that differ from those on the user alone',
  async run(attacker) {
    const callers = await Promise.all(users.map((user) => attacker.connect(user)))
    try {
      const alone: Made[] = []
      const before = await attacker.effectOf(async () => {
        for (const caller of callers) {
          await attacker.renewPattern()
          alone.push(...(await callAll(caller)))
        }
      })
      if (!knowsUsers(before)) return notApplicable('no credential stands for a user here')
      const made: Made[] = []
      const effect = await attacker.effectOf(async () => {
        made.push(...(await mixedCalls(attacker, callers)))
      })
      const [first] = [
        ...alone.flatMap((each) => wrongUser(each, before) ?? []),
        ...made.flatMap((each) => wrongUser(each, effect) ?? []),
        ...made.flatMap((each) => otherDecision(each, { effect, alone, before, attacker }) ?? []),
      ]
      const otherwise = `each of ${made.length} calls was recorded under the user who made it`
      return judge(effect, {
        succeeded: first !== undefined,
        how: `${holes['rows-of-another']}: ${first}`,
        otherwise,
      })
    } finally {
      await Promise.all(callers.map((caller) => caller.close()))
    }
  },
}

/** One user's calls, one after another. */
async function callAll(caller: Caller): Promise<Made[]> {
  const made: Made[] = []
  for (const { tool, args } of calls) {
    made.push({ user: caller.user, tool, trace: await caller.call(tool, args) })
  }
  return made
}

/** Each tool by each user: one by one, together, and together after a challenge. */
async function mixedCalls(attacker: Attacker, callers: readonly Caller[]): Promise<Made[]> {
  await attacker.renewPattern()
  const made: Made[] = []
  for (const { tool, args } of calls) {
    const each = callers.map((caller) => async () => {
      made.push({ user: caller.user, tool, trace: await caller.call(tool, args) })
    })
    for (const call of each) await call()
    await attacker.together(each)
    await attacker.challenged(() => attacker.together(each))
  }
  return made
}

/** @throws where no service served anybody: then it tells nothing */
function knowsUsers({ records }: Effect): boolean {
  const served = allowed(records)
  if (served.length === 0) throw new Error('could not be carried out: no service served an honest call')
  return served.some(({ user }) => user !== undefined)
}

/** The finding where a call was recorded, or its row is kept, under somebody else. */
function wrongUser({ user, tool, trace }: Made, effect: Effect): string | undefined {
  const record = decisive(effect.records, trace)
  const row = newExpensesOf(effect).find(({ id }) => record?.resources.includes(`expense:${id}`))
  const names = [record?.user, row?.owner].filter((name) => name !== undefined && name !== user)
  return names.length > 0 ? `${user} called ${tool}, and it was ${names[0]} who did` : undefined
}

/** The calls of users beside each other, and those of each user alone that they are compared with. */
interface Compared {
  readonly effect: Effect
  readonly alone: readonly Made[]
  readonly before: Effect
  readonly attacker: Attacker
}

/** The finding where a call was decided in another way than for the same user alone: by somebody else's roles. */
function otherDecision(
  { user, tool, trace }: Made,
  { effect, alone, before, attacker }: Compared,
): string | undefined {
  const known = alone.find((each) => each.user === user && each.tool === tool)
  const [was, is] = [decisive(before.records, known?.trace ?? ''), decisive(effect.records, trace)]
  if (!was || !is || [was, is].some(({ decision, status }) => decision === 'error' || status === 401)) return
  if (rolesChanged(user, [...before.records, ...effect.records], attacker)) return
  const [then, now] = [was, is].map(({ decision, resources }) =>
    tool === 'search_documents' ? `${decision} ${resources.join(', ')}` : decision,
  )
  return then === now ? undefined : `${user} called ${tool}: alone it was ${then}, and beside others ${now}`
}

/** True if somebody else set the user's role meanwhile. */
function rolesChanged(user: string, own: Effect['records'], attacker: Attacker): boolean {
  return attacker.recordsOf(`user:${user}`).some((record) => !own.includes(record))
}
