import { count } from '../../process/terminal.ts'
import type { Cell } from '../../runner/cells.ts'
import { prompts } from '../../scenario/prompts.ts'
import type { Rich } from './rich.ts'
import { type TableCell, table } from './table.ts'

/** Prompts by users: what came of each, and whether it should have. */
export function cellsTable(cells: readonly Cell[]): Rich {
  const allowed = cells.filter(({ outcome }) => outcome === 'allowed').length
  const right = cells.filter(({ outcome, expected }) => outcome === expected).length
  const rows = cells.reduce((sum, { overshared }) => sum + overshared, 0)
  return matrix(cells, judgedCell, [
    `${allowed} of ${cells.length} allowed; ${right} of ${cells.length} match the ground truth.`,
    ...(rows > 0 ? [`${count(rows, 'row')} leaked.`] : []),
  ])
}

/** The ground truth of each cell, by manager, department and role. */
export function groundTruthTable(cells: readonly Cell[]): Rich {
  const allowed = cells.filter(({ expected }) => expected === 'allowed').length
  return matrix(cells, ({ expected }) => expected, [`${allowed} of ${cells.length} should be allowed.`])
}

function matrix(cells: readonly Cell[], show: (cell: Cell) => TableCell, notes: readonly string[]): Rich {
  const users = [...new Set(cells.map(({ user }) => user))]
  const rows = prompts.map(({ number, text }) => [
    `${number} ${text}`,
    ...users.map((user) => {
      const cell = cells.find((each) => each.user === user && each.prompt === number)
      return cell ? show(cell) : '–'
    }),
  ])
  return table({ head: ['prompt', ...users], rows, notes })
}

function judgedCell({ outcome, expected, overshared }: Cell): TableCell {
  if (outcome !== expected) return { text: `✗ ${outcome}, should be ${expected}`, tone: 'bad' }
  if (overshared > 0) return { text: `✓ ${outcome}, and ${count(overshared, 'row')} too many`, tone: 'bad' }
  return { text: `✓ ${outcome}`, tone: 'good' }
}
