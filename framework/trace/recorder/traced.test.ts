import { expect, it } from 'vitest'
import { Traced } from './traced.ts'

it('forgets the oldest, and the trace that has no other', () => {
  const kept = new Traced<{ trace: string; at: number }>(2)
  for (const [at, trace] of ['a', 'b', 'b'].entries()) kept.add({ trace, at })
  expect(kept.all.map(({ at }) => at)).toEqual([1, 2])
  expect(kept.of('a')).toEqual([])
  expect(kept.traces).toBe(1)
  kept.add({ trace: 'c', at: 3 })
  expect(kept.of('b').map(({ at }) => at)).toEqual([2])
  expect(kept.traces).toBe(2)
})
