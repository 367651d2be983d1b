import { visible } from '@lab/contract'
import { pc } from '../../../process/colours.ts'
import type { Cell } from '../../../runner/cells.ts'
import { prompts } from '../../../scenario/prompts.ts'

/**
 * The cells in a line for each user, with those that changed in brackets, and below what each of them became.
 * @param before the cells of the round before, if there was one
 */
export function cellsGrid(cells: readonly Cell[], before: readonly Cell[] | undefined): string[] {
  const changed = cells.filter((cell) => before && formOf(cell) !== formOf(before.find(isSame(cell))))
  const users = [...new Set(cells.map(({ user }) => user))]
  const width = Math.max(...users.map((user) => user.length))
  const grid = users.map((user) => {
    const marks = cells.filter((cell) => cell.user === user).map((cell) => mark(cell, changed.includes(cell)))
    return `${user.padEnd(width)}  ${marks.join(' ')}`
  })
  const right = (all: readonly Cell[]) => all.filter(isRight).length
  const was = before && right(before) !== right(cells) ? ` (${right(before)} before)` : ''
  const sum = pc.bold(`${right(cells)} of ${cells.length} match the ground truth${was}.`)
  const changes =
    before && changed.length === 0 ? ['No cell changed.'] : changed.map((cell) => changeOf(cell, before))
  return [...grid, ...changes, sum]
}

function isRight({ outcome, expected }: Cell): boolean {
  return outcome === expected
}

function isSame(cell: Cell) {
  return ({ user, prompt }: Cell) => user === cell.user && prompt === cell.prompt
}

/** All of a cell that a change of the code can change. */
function formOf(cell: Cell | undefined): string {
  return cell ? JSON.stringify([cell.outcome, cell.status, cell.decidedBy, cell.overshared, cell.reason]) : ''
}

function mark(cell: Cell, isChanged: boolean): string {
  const sign = isRight(cell) ? pc.green('✓') : pc.red('✗')
  const text = `${cell.prompt}${sign}`
  return isChanged ? `[${text}]` : ` ${text} `
}

function changeOf(cell: Cell, before: readonly Cell[] = []): string {
  const { user, prompt, outcome, status, reason } = cell
  const old = before.find(isSame(cell))
  const text = prompts.find(({ number }) => number === prompt)?.text ?? ''
  const was = old && old.outcome !== outcome ? `${old.outcome} → ` : ''
  const sign = isRight(cell) ? pc.green('✓') : pc.red(`✗ should be ${cell.expected}`)
  return `${user} ${prompt} ${text} ${was}${outcome}${status === undefined ? '' : ` ${status}`} ${sign}: ${visible(reason)}`
}
