import { expect, it, vi } from 'vitest'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
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
