import { expect, it } from 'vitest'
import { inOrder } from './order.ts'

it.each<[string, `p${number}`]>([
  ['a base that is no pattern', 'p99'],
  ['a branch that stands on itself', 'p12'],
  ['two branches that stand on each other', 'p13'],
])('refuses %s, by the name of the file', (_what, base) => {
  const declared = [
    { name: 'p02-b' },
    { name: 'p12-agent', base },
    { name: 'p13-other', base: 'p12' as const },
  ]
  expect(() => inOrder(declared)).toThrow(
    `framework/measure/declarations/p12-agent.ts: base ${base} leads to no rung of the ladder; name another`,
  )
})

it('puts the ladder first, and each branch below its base, whatever its number is', () => {
  const order = inOrder([
    { name: 'p12-l', base: 'p02' },
    { name: 'p01-a' },
    { name: 'p10-j', base: 'p09' },
    { name: 'p11-k', base: 'p08' },
    { name: 'p08-h' },
    { name: 'p02-b' },
    { name: 'p09-i', base: 'p08' },
  ])
  expect(order.ladder).toEqual(['p01-a', 'p02-b', 'p08-h'])
  expect(order.branches).toEqual([
    { name: 'p12-l', base: 'p02-b' },
    { name: 'p09-i', base: 'p08-h' },
    { name: 'p10-j', base: 'p09-i' },
    { name: 'p11-k', base: 'p08-h' },
  ])
  expect(order.names).toEqual(['p01-a', 'p02-b', 'p08-h', 'p12-l', 'p09-i', 'p10-j', 'p11-k'])
})
