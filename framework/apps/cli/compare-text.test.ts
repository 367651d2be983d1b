import { expect, it } from 'vitest'
import { markdownBlocks } from '../../measure/comparison/markdown.ts'
import type { Measurement } from '../../measure/comparison/measure-pattern.ts'
import type { Cell } from '../../runner/cells.ts'
import { compareText } from './compare-text.ts'

const cell = { reason: '', overshared: 0, trace: '', duration: 0, expected: 'denied' } as const
const right: Cell = { ...cell, user: 'bob', prompt: 1, outcome: 'denied' }
const wrong: Cell = { ...cell, user: 'bob', prompt: 2, outcome: 'allowed' }
const measurement: Measurement = {
  pattern: 'p01-no-auth',
  title: 'No auth',
  attacks: [],
  cells: [right, wrong],
  row: { unmeasured: 'for this test' },
}

it('marks a cell that differs from the ground truth, and no other, in the form of its output', () => {
  const text = compareText([measurement], { width: 100 })
  expect(text.split('\n').filter((line) => line.startsWith('bob') && line.includes('!'))).toEqual([
    expect.stringMatching(/Bob's expenses\. +– +✓ !$/),
  ])
  expect(text).not.toContain('**')
  expect(markdownBlocks([measurement])['compare:cells'].match(/\| \*\*.*/g)).toEqual(['| **✓** |'])
})
