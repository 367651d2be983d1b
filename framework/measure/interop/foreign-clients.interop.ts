import { newTraceparent } from '@lab/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servedAny } from '../../runner/judge-run.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { everything, groundTruth, type Outcomes, rolesAlone } from '../../scenario/outcomes.ts'
import { targets } from '../../scenario/targets.ts'
import type { ForeignClient, Task } from './clients/foreign-client.ts'
import { tasks } from './tasks.ts'

const patterns: readonly (readonly [which: string, table: Outcomes, signIn: boolean])[] = [
  ['p01', everything, false],
  ['p05', rolesAlone, true],
  ['p06', rolesAlone, true],
  ['p08', groundTruth, true],
]

/** By name, because their packages are installed apart: what they import is checked where it is installed. */
const clients: readonly ForeignClient[] = await Promise.all(
  ['sdk-v1', 'openai-agents', 'langchain', 'inspector'].map(
    async (name) => (await import(`./clients/${name}.ts`)).client,
  ),
)

describe.each(patterns)('%s', (which, table, signIn) => {
  const runner = new PatternRunner(which)
  beforeAll(() => runner.start())
  afterAll(() => runner.stop())

  /** Judged as the lab's own agent is: by the data, and by the rows that a service let out. */
  async function outcome(client: ForeignClient, task: Task, user: string): Promise<string> {
    runner.resetData()
    const before = runner.snapshot()
    const seen = runner.audit.length
    const token = signIn ? await runner.stack.sessions.accessTokenOf(user, newTraceparent()) : undefined
    const refused = await client.perform(task, runner.stack.mcpUrl, token).then(
      () => undefined,
      (error: unknown) => error,
    )
    const audit = runner.audit.slice(seen).filter(({ action }) => action === targets[task.number]?.action)
    // Somebody has decided: what came of it is not that the client never got through.
    expect(audit.length, `${client.name}, ${task.tool}: ${refused}`).toBeGreaterThan(0)
    const target = targets[task.number]
    const wanted = target?.resources(user, before) ?? []
    const happened = target?.changed ? target.changed(before, runner.snapshot()) : servedAny(audit, wanted)
    return happened ? '+' : '-'
  }

  it.each(clients)('$name gets what the conformance table says', async (client) => {
    const got: Record<string, string> = {}
    for (const user of Object.keys(table)) {
      got[user] = ''
      for (const task of tasks) got[user] += await outcome(client, task, user)
    }
    expect(got).toEqual(table)
  })

  it.runIf(signIn).each(clients)('$name gets nothing without a token', async (client) => {
    const [task] = tasks as [Task]
    const before = runner.audit.length
    await expect(client.perform(task, runner.stack.mcpUrl, undefined)).rejects.toThrow()
    const records = runner.audit.slice(before)
    expect(records.length).toBeGreaterThan(0)
    expect(records.every(({ service, status }) => service === 'mcp-server' && status === 401)).toBe(true)
  })
})
