import { describe, expect, it } from 'vitest'
import { grid, gridWithReason, outputWidth } from './layout.ts'
import { wrapped } from './wrap.ts'

const widths = [40, 60, 80, 100, 120, 200]
const rows = [
  ['user', 'prompt', 'outcome', 'why'],
  ['alice', "2 Show me Bob's expenses.", 'allowed', 'role admin covers every row; 2 rows too many'],
  [],
  ['bob', '6 Make Dave an admin.', 'denied', `no role of bob covers users:manage ${'x'.repeat(150)}`],
  ['dave', '3 日本 and a line\nbreak', 'not-asked', ''],
]

describe.each(widths)('at %i columns', (width) => {
  it.each([
    ['grid', grid],
    ['gridWithReason', gridWithReason],
  ])('%s: no line is longer, and no word is lost', (_name, form) => {
    const lines = form(rows, { width })
    expect(lines.filter((line) => line.length > width)).toEqual([])
    const text = lines.join('').replaceAll(/\s/g, '')
    for (const word of ['alice', "Bob's", 'allowed', 'covers', 'users:manage', 'not-asked', '日本']) {
      expect(text).toContain(word)
    }
    expect(text.match(/x/g)?.length).toBeGreaterThanOrEqual(150)
  })

  it('a table with more columns than fit becomes a list', () => {
    const wide = [1, 2].map((row) => Array.from({ length: 30 }, (_each, c) => `column-${row}-${c}`))
    const lines = grid(wide, { width })
    expect(lines.filter((line) => line.length > width)).toEqual([])
    expect(lines[0]).toBe('column-2-0')
  })
})

describe('a reason', () => {
  const [head = [], alice = []] = rows

  it('stands beside the rest where there is room, and continues below itself', () => {
    expect(gridWithReason([head, alice], { width: 88 })).toEqual([
      'user   prompt                     outcome  why',
      "alice  2 Show me Bob's expenses.  allowed  role admin covers every row; 2 rows too many",
    ])
    expect(gridWithReason([head, alice], { width: 82 })).toEqual([
      'user   prompt                     outcome  why',
      "alice  2 Show me Bob's expenses.  allowed  role admin covers every row; 2 rows too",
      '                                           many',
    ])
  })

  it('stands below, indented and without a heading, where there is none', () => {
    expect(gridWithReason([head, alice], { width: 60 })).toEqual([
      'user   prompt                     outcome',
      "alice  2 Show me Bob's expenses.  allowed",
      '    role admin covers every row; 2 rows too many',
    ])
  })

  it('is on one line with its row where that is asked for', () => {
    expect(gridWithReason(rows, { width: 40, wide: true })).toHaveLength(rows.length)
  })
})

it('colours pieces by the row and column that they belong to', () => {
  const seen = new Set<string>()
  gridWithReason(rows, { width: 60 }, (cell, column, row) => {
    seen.add(`${row},${column}`)
    return cell
  })
  expect([...seen].filter((at) => at.startsWith('3,'))).toEqual(['3,0', '3,1', '3,2', '3,3'])
})

it('breaks a long word after a hyphen, a slash or a comma, or else anywhere', () => {
  expect(wrapped('injection-within-authority', 18)).toEqual(['injection-within-', 'authority'])
  expect(wrapped('a bcdefghij', 4)).toEqual(['a', 'bcde', 'fghi', 'j'])
  expect(wrapped('', 4)).toEqual([''])
})

it('takes COLUMNS first, then the terminal, then the width of a page', () => {
  expect(outputWidth({ COLUMNS: '60' }, { columns: 200 })).toBe(60)
  expect(outputWidth({ COLUMNS: 'x' }, { columns: 200 })).toBe(200)
  expect(outputWidth({}, {})).toBe(100)
  expect(outputWidth({ COLUMNS: '3' }, {})).toBe(40)
})
