import { count } from '../../process/terminal.ts'
import type { LessonRun } from './lesson.ts'
import type { Rich } from './rich.ts'
import { type TableCell, table } from './table.ts'

/** Longer results are cut, in characters. */
const longest = 110

/** Each run's prompt, the tool that the model called, and the answer: green where that is as it should be. */
export function runsTable(runs: readonly LessonRun[]): Rich {
  const rows = runs.map(({ user, prompt, toolCalls, answer, cell }): TableCell[] => {
    const [call] = toolCalls
    if (!call) return [user, prompt, '–', '–', shortened(answer)]
    const { tool, args, outcome } = call
    const said = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    return [
      user,
      prompt,
      { text: `${tool}(${said.join(', ')})`, code: true },
      judgedStatus(String(outcome.status), cell),
      shortened(outcome.isError ? outcome.text : resultOf(outcome.text)),
    ]
  })
  return table({ head: ['user', 'prompt', 'tool call', 'http', 'what came back'], rows })
}

function judgedStatus(status: string, cell: LessonRun['cell']): TableCell {
  if (!cell) return status
  if (cell.outcome !== cell.expected) return { text: `${status} ✗ should be ${cell.expected}`, tone: 'bad' }
  if (cell.overshared > 0) {
    return { text: `${status} ✗ ${count(cell.overshared, 'row')} too many`, tone: 'bad' }
  }
  return { text: `${status} ✓`, tone: 'good' }
}

/** Rows by what tells them apart, anything else as it is. */
function resultOf(text: string): string {
  const value: unknown = text.startsWith('{') ? JSON.parse(text) : text
  if (typeof value !== 'object' || value === null) return text
  const [rows] = Object.values(value)
  if (!Array.isArray(rows))
    return Object.entries(value)
      .map(([name, each]) => `${name} ${each}`)
      .join(', ')
  return rows.length === 0 ? 'nothing' : rows.map(rowOf).join(', ')
}

function rowOf({ id, owner, group }: { id?: unknown; owner?: unknown; group?: unknown }): string {
  const whose = owner ?? group
  return whose === undefined ? String(id) : `${id} (${whose})`
}

function shortened(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}
