import { describe, expect, it } from 'vitest'
import { arrowLines, arrowsOf, partiesIn } from './sequence.ts'
import type { Step } from './step.ts'

function step(
  from: Step['from'],
  to: Step['to'],
  [started, ended]: [started: number, ended: number],
  more: Partial<Step> = {},
): Step {
  const asks = `${from} asks ${to}`
  return { from, to, asks, credential: '', answer: `${to} answers`, refused: false, started, ended, ...more }
}

const call = [
  step('agent', 'mcp-server', [0, 50], { credential: 'Bearer ‹token 1›' }),
  step('mcp-server', 'expenses', [10, 40]),
  step('expenses', 'pdp', [20, 30], { refused: true, answer: 'deny: <no>' }),
  step('agent', 'model', [60, 70]),
]

describe('arrows', () => {
  it('answer after everything that was asked on their behalf', () => {
    expect(arrowsOf(call).flatMap(arrowLines).join('\n')).toBe(
      [
        'agent → mcp-server: agent asks mcp-server',
        '    Bearer ‹token 1›',
        '  mcp-server → expenses: mcp-server asks expenses',
        '    expenses → pdp: expenses asks pdp',
        '    expenses ← pdp: deny: <no>',
        '  mcp-server ← expenses: expenses answers',
        'agent ← mcp-server: mcp-server answers',
        'agent → model: agent asks model',
        'agent ← model: model answers',
      ].join('\n'),
    )
  })

  it('come in the order of time, whatever the order of the steps', () => {
    expect(arrowsOf([...call].reverse())).toEqual(arrowsOf(call))
  })

  it('of requests at the same time stand beside one another, and each answer by its time', () => {
    const both = [
      step('agent', 'mcp-server', [0, 60]),
      step('mcp-server', 'idp', [10, 40]),
      step('mcp-server', 'expenses', [20, 50]),
      step('expenses', 'pdp', [25, 30]),
    ]
    expect(arrowsOf(both).flatMap(arrowLines)).toEqual([
      'agent → mcp-server: agent asks mcp-server',
      '  mcp-server → idp: mcp-server asks idp',
      '  mcp-server → expenses: mcp-server asks expenses',
      '    expenses → pdp: expenses asks pdp',
      '    expenses ← pdp: pdp answers',
      '  mcp-server ← idp: idp answers',
      '  mcp-server ← expenses: expenses answers',
      'agent ← mcp-server: mcp-server answers',
    ])
  })

  it('of an answer whose clock reads late still enclose what was asked on its behalf', () => {
    const late = [step('agent', 'mcp-server', [0, 30]), step('mcp-server', 'expenses', [10, 31])]
    expect(arrowsOf(late).map(({ from }) => from)).toEqual(['agent', 'mcp-server', 'expenses', 'mcp-server'])
  })

  it('know who takes part', () => {
    expect(partiesIn(arrowsOf(call))).toEqual(['model', 'agent', 'mcp-server', 'expenses', 'pdp'])
  })
})
