import { setTimeout as sleep } from 'node:timers/promises'
import { newTraceparent } from '@lab/contract'
import { expect, it, vi } from 'vitest'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { isService } from '../../trace/audit/records.ts'
import { flawed } from '../testing/outcomes.ts'
import { Attacker } from './attacker.ts'

it('an attacker gives up on a service that never answers', async () => {
  vi.useFakeTimers()
  try {
    const stack = {
      recorder: { fetchAs: () => () => new Promise(() => {}) },
      serviceUrls: { expenses: 'http://expenses.example' },
      mcpUrl: 'http://mcp.example/mcp',
    }
    const attacker = new Attacker({ stack, pattern: { folder: '/nowhere' } } as unknown as PatternRunner)
    const sent = attacker.send('expenses', { method: 'GET', path: '/expenses' })
    const gaveUp = expect(sent).rejects.toThrow('no whole answer within 30000 ms')
    await vi.advanceTimersByTimeAsync(30_000)
    await gaveUp
  } finally {
    vi.useRealTimers()
  }
})

it('an attack finds nothing that another one left, and calls together wait for each other', async () => {
  const runner = await new PatternRunner(flawed('mixes-up-tokens')).start()
  try {
    const attacker = new Attacker(runner)
    const session = () => runner.stack.sessions.accessTokenOf('alice', newTraceparent())
    const list = async (user: string) => (await attacker.capture(user, 'What are my expenses?')).run.audit
    await list('alice')
    const before = await session()
    await attacker.reset()
    // The pattern gives everybody the token that it got first.
    expect((await list('bob')).filter(isService).map(({ user }) => user)).toEqual(['bob'])
    expect(await session()).not.toBe(before)

    // Calls together: the first is held until the other one is about to send.
    const order: string[] = []
    const calls = [0, 20].map((delay) => async () => {
      await sleep(delay)
      order.push('begins')
      await attacker.send('expenses', { method: 'GET', path: '/expenses' })
      order.push('ends')
    })
    await attacker.together(calls)
    expect(order).toEqual(['begins', 'begins', 'ends', 'ends'])
  } finally {
    await runner.stop()
  }
})
