import { pc, tone } from '../../process/colours.ts'
import { gridWithReason, naturalWidth, type Place } from '../../process/layout.ts'
import { count } from '../../process/terminal.ts'
import { type Cell, isOpen, isRight } from '../../runner/cells.ts'
import { prompts } from '../../scenario/prompts.ts'

/** A column of the table; a spare one is what a narrow terminal does without. */
interface Column {
  readonly head: string
  readonly of: (cell: Cell) => string
  readonly judged?: true
  readonly spare?: true
}

const columns: readonly Column[] = [
  { head: 'user', of: ({ user }) => user },
  {
    head: 'prompt',
    of: ({ prompt }) => `${prompt} ${prompts.find(({ number }) => number === prompt)?.text}`,
  },
  { head: 'tool', of: toolOf, spare: true },
  { head: 'outcome', of: (cell) => (isOpen(cell) ? '–' : cell.outcome), judged: true },
  { head: 'http', of: ({ status }) => String(status ?? '–'), spare: true },
  { head: 'truth', of: truthOf, judged: true },
  { head: 'by', of: byOf, spare: true },
]

/** A row for each cell, the users apart, and what the signs mean. */
export function cellLines(cells: readonly Cell[], place: Place): string[] {
  const entries = cells.flatMap((cell, at) =>
    at > 0 && cells[at - 1]?.user !== cell.user ? [undefined, cell] : [cell],
  )
  const whole = tableOf(entries, columns, whyOf)
  const tooWide = naturalWidth(whole.map((row) => row.slice(0, -1))) > place.width
  const narrow = tooWide && !place.wide
  const shown = narrow ? columns.filter(({ spare }) => !spare) : columns
  const rows = narrow ? tableOf(entries, shown, (cell) => withParty(cell, whyOf(cell))) : whole
  const lines = gridWithReason(rows, place, (text, column, row) => {
    if (row === 0) return tone.head(text)
    const cell = entries[row - 1]
    return cell && shown[column]?.judged ? paintOf(cell)(text) : text
  })
  return [...lines, '', ...legend(cells)]
}

function tableOf(
  entries: readonly (Cell | undefined)[],
  shown: readonly Column[],
  why: (cell: Cell) => string,
): string[][] {
  return [
    [...shown.map(({ head }) => head), 'why'],
    ...entries.map((cell) => (cell ? [...shown.map(({ of }) => of(cell)), why(cell)] : [])),
  ]
}

function toolOf({ tool, calls = 1 }: Cell): string {
  return calls > 1 ? `${tool} +${calls - 1}` : (tool ?? '–')
}

function truthOf(cell: Cell): string {
  if (cell.outcome === 'refused') return '○ not allowed'
  if (isOpen(cell)) return '○ not asked'
  if (!isRight(cell)) return `✗ should be ${cell.expected}`
  return tooMuch(cell).length > 0 ? '! and more' : '✓'
}

/** The effects of a run beside what was asked for. */
function tooMuch({ overshared, sideEffects = [] }: Cell): string[] {
  return [
    ...(overshared > 0 ? [`${count(overshared, 'row')} too many`] : []),
    ...(sideEffects.length > 0 ? [`changed as well: ${sideEffects.join(', ')}`] : []),
  ]
}

function byOf(cell: Cell): string {
  return isGate(cell) ? 'opa, gate' : (cell.decidedBy ?? '–')
}

function isGate({ decidedBy, decidedAt }: Cell): boolean {
  return decidedBy === 'opa' && decidedAt === 'mcp-server'
}

function whyOf(cell: Cell): string {
  const { reason, outcome, status = 0, calls = 1 } = cell
  // Rows may be taken out of a list: then the request succeeds, and the row is denied.
  const filtered = outcome === 'denied' && status < 300 && status >= 200 ? ['left out of the list'] : []
  const others = calls > 1 ? [`${count(calls, 'tool call')} in all`] : []
  return [reason, ...filtered, ...tooMuch(cell), ...others].join('; ')
}

/** The reason with the party that decided in front: for a table that has no column for it. */
function withParty(cell: Cell, why: string): string {
  return cell.decidedBy ? `${byOf(cell)}: ${why}` : why
}

function paintOf(cell: Cell): (text: string) => string {
  if (tooMuch(cell).length > 0) return tone.bad
  if (isOpen(cell)) return (text) => text
  return isRight(cell) ? tone.good : tone.bad
}

/** The signs that occur, and what they mean. */
function legend(cells: readonly Cell[]): string[] {
  const occurs = (sign: string) => cells.some((cell) => truthOf(cell).startsWith(sign))
  const signs = [
    tone.good('✓ as it should be'),
    tone.bad('✗ not as it should be'),
    ...(occurs('!') ? [tone.bad('! more than was asked for')] : []),
    ...(occurs('○') ? ['○ neither'] : []),
  ]
  return [
    signs.join('  '),
    ...(cells.some(isGate) ? ['gate: the MCP server asks OPA before a call leaves it'] : []),
  ]
}

/** The cells that differ from the ground truth, user by user. */
export function misses(cells: readonly Cell[]): string[] {
  const judged = cells.filter((cell) => !isOpen(cell))
  const rows = cells.reduce((sum, { overshared }) => sum + overshared, 0)
  const changes = cells.flatMap(({ sideEffects = [] }) => sideEffects)
  const open = cells.length - judged.length
  return [
    ...listed('Wrongly allowed', judged, (cell) => !isRight(cell) && cell.expected === 'denied'),
    ...listed('Wrongly refused', judged, (cell) => !isRight(cell) && cell.expected === 'allowed'),
    ...(rows > 0 ? [`${count(rows, 'row')} leaked.`] : []),
    ...(changes.length > 0 ? [`Changed, and not asked for: ${changes.join(', ')}.`] : []),
    ...(open > 0
      ? [`${count(open, 'run')} left out: the services were not asked, or a person said no.`]
      : []),
  ]
}

function listed(what: string, cells: readonly Cell[], which: (cell: Cell) => boolean): string[] {
  const found = cells.filter(which)
  const byUser = [...new Set(found.map(({ user }) => user))].map((user) => {
    const numbers = found.filter((cell) => cell.user === user).map(({ prompt }) => prompt)
    return `${user} ${numbers.join(', ')}`
  })
  return found.length > 0 ? [`${pc.bold(what)}: ${byUser.join('; ')}.`] : []
}
