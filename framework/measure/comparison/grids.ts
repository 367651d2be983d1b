import { attackGroups } from '../../attacks/index.ts'
import type { AttackResult } from '../../attacks/run-attacks.ts'
import { type Cell, isOpen, isRight } from '../../runner/cells.ts'
import { prompts } from '../../scenario/prompts.ts'
import { honestShare, signatureShare, successShare } from './headline.ts'
import type { Measurement } from './measure-pattern.ts'
import type { FourQuestions } from './row.ts'
import { numberOf, shortNameOf } from './short-name.ts'

/** Rows of cells, the first of which is the head: for a terminal and for Markdown. */
export type Grid<GridCell = string> = readonly (readonly GridCell[])[]

/** A cell of a grid that differs from the ground truth; each form of output marks it in its own way. */
export interface Differing {
  readonly differs: string
}

/** Both figures of each pattern side by side. What does not apply is in neither number of a share. */
export function headlineGrid(measurements: readonly Measurement[]): Grid {
  return [
    ['Pattern', ...headlineColumns, 'Leaked rows'],
    ...measurements.map((each) => [
      shortNameOf(each.pattern),
      ...headlineCells(each),
      String(each.cells.reduce((sum, { overshared }) => sum + overshared, 0)),
    ]),
  ]
}

export const headlineColumns = [
  'Honest runs right',
  'Signature attacks that succeed',
  'All that succeed',
] as const

/** `18 of 21`, `4 of 10`, `14 of 51` */
export function headlineCells({ cells, attacks }: Measurement): string[] {
  return [honestShare(cells), signatureShare(attacks), successShare(attacks)].map(
    ({ hits, of }) => `${hits} of ${of}`,
  )
}

/** The comparison: one row for each pattern. */
export function comparisonGrid(measurements: readonly Measurement[]): Grid {
  return [
    [
      '#',
      'Pattern',
      'Authz lives',
      'Tool sees real user',
      'Crypto proof',
      'Least privilege',
      'Audit trail',
      'Who says yes',
      'It answers',
    ],
    ...measurements.map(({ pattern, title, base, row }) => {
      const names = [numberOf(pattern), titleWith(title, base)]
      if ('unmeasured' in row) return [...names, ...Array<string>(7).fill('not measured')]
      const { authzLives, realUser, cryptoProof, leastPrivilege, audit, saysYes, questions } = row
      const columns = [authzLives, realUser, cryptoProof, leastPrivilege, audit, saysYes]
      return [...names, ...columns, answers(questions)]
    }),
  ]
}

/** `Agent identity (branch of p02)`: a branch is told from a rung by the base that it names. */
export function titleWith(title: string, base: string | undefined): string {
  return base ? `${title} (branch of ${base})` : title
}

function answers({ who, agent, authority, decision }: FourQuestions): string {
  const answered = [
    who && 'who',
    agent && 'which agent',
    authority && 'whose authority',
    decision && 'who decided',
  ].filter((answer) => answer !== false)
  return `${answered.length} of 4${answered.length > 0 ? `: ${answered.join(', ')}` : ''}`
}

/** The sign of an outcome where there is room for one character. */
const outcomeSigns = { succeeds: 'S', blocked: 'B', 'n/a': '–', error: 'ERROR' } as const

/** The attacks of one group: one row for each attack, one column for each pattern. */
export function attackGrids(measurements: readonly Measurement[]): { title: string; grid: Grid }[] {
  const head = measurements.map(({ pattern }) => shortNameOf(pattern))
  return attackGroups.map(({ title, attacks }) => ({
    title,
    grid: [[title, ...head], ...attacks.map(({ id }) => [id, ...measurements.map(signOf(id))])],
  }))
}

function signOf(id: string) {
  return ({ attacks }: Measurement): string => {
    const result = attacks.find((each: AttackResult) => each.id === id)
    return result ? outcomeSigns[result.outcome] : ''
  }
}

/** The honest prompts: one row for each user and prompt, one column for each pattern, and the ground truth. */
export function cellGrid(measurements: readonly Measurement[]): Grid<string | Differing> {
  const names = measurements.map(({ pattern }) => shortNameOf(pattern))
  const truth = measurements[0]?.cells ?? []
  const cellsAt = (at: number) => measurements.map(({ cells }) => cells[at])
  const total =
    (of: (cell: Cell) => number) =>
    ({ cells }: Measurement) =>
      String(cells.reduce((sum, cell) => sum + of(cell), 0))
  return [
    ['User', 'Prompt', 'May', ...names],
    ...truth.map(({ user, prompt, expected }, at) => [
      user,
      inFigures(prompt),
      allowanceSigns[expected],
      ...cellsAt(at).map((cell) => (cell ? signOfCell(cell) : '')),
    ]),
    [
      'all',
      'allowed',
      String(truth.filter(({ expected }) => expected === 'allowed').length),
      ...measurements.map(total(({ outcome }) => Number(outcome === 'allowed'))),
    ],
    [
      'all',
      'matches the ground truth',
      String(truth.length),
      ...measurements.map(total((cell) => Number(isRight(cell)))),
    ],
    ['all', 'leaked rows', '0', ...measurements.map(total(({ overshared }) => overshared))],
  ]
}

const allowanceSigns = {
  allowed: '✓',
  denied: '–',
  'wrong-user': 'WRONG USER',
  'not-asked': '○',
  refused: '○ refused',
  error: 'ERROR',
} as const

function signOfCell(cell: Cell): string | Differing {
  const sign = allowanceSigns[cell.outcome]
  return isRight(cell) || isOpen(cell) ? sign : { differs: sign }
}

function inFigures(number: number): string {
  return prompts.find((prompt) => prompt.number === number)?.text ?? String(number)
}
