import { prompts } from '../agent/prompts.ts'
import { runAttacks } from '../attacks/run-attacks.ts'
import { type Cell, runCells } from '../runner/cells.ts'
import { PatternRunner } from '../runner/pattern-runner.ts'
import { UserError } from '../user-error.ts'
import { type Change, withChangedPattern } from './changed-pattern.ts'
import { attackOf, stackOptions } from './lesson.ts'
import { markdown, type Rich } from './rich.ts'
import { table } from './table.ts'

/**
 * Change one line, predict, run. What can be predicted: an attack by its id (`succeeds`, `blocked`, `n/a`), a cell
 * by user and prompt (`dave 6`: `allowed`, `denied`), and `allowed`, how many of all cells are. `?`: no prediction yet.
 */
export interface Exercise extends Change {
  readonly predict: Readonly<Record<string, string | number>>
}

/**
 * Runs the changed pattern and measures what was predicted.
 * @param goal what the change must bring about, where the exercise asks for a change that does
 * @returns whether the exercise holds, and where it does not
 * @throws {UserError} for a line that is not there, or something that cannot be measured
 */
export async function checkExercise(exercise: Exercise, goal: Exercise['predict'] = {}): Promise<Rich> {
  const { line, to, predict } = exercise
  if (line === to) return verdict(false, 'nothing is changed: put your line into `to`.')
  const open = Object.entries(predict).filter(([, value]) => value === '?')
  if (open.length > 0) return verdict(false, `predict first: ${open.map(([name]) => name).join(', ')}.`)
  const wanted = { ...predict, ...goal }
  const measured = await withChangedPattern(exercise, (folder) => measure(folder, Object.keys(wanted)))
  const rows = Object.entries(wanted).map(([name, value]) => {
    const found = measured.get(name)
    const holds = String(value) === found
    return [
      name,
      String(value),
      { text: `${holds ? '✓' : '✗'} ${found}`, tone: holds ? 'good' : 'bad' } as const,
    ]
  })
  const wrong = rows.filter(([, , found]) => typeof found === 'object' && found.tone === 'bad').length
  const words =
    wrong === 0
      ? 'as predicted.'
      : `${wrong} of ${rows.length} came out otherwise: find out why, and change line or prediction.`
  return merged(verdict(wrong === 0, words), table({ head: ['what', 'predicted', 'measured'], rows }))
}

async function measure(folder: string, names: readonly string[]): Promise<Map<string, string>> {
  const runner = new PatternRunner(folder, await stackOptions())
  const measured = new Map<string, string>()
  try {
    await runner.start()
    const isCell = (name: string) => name === 'allowed' || / [1-6]$/.test(name)
    const cells = names.some(isCell) ? await cellsFor(runner, names) : []
    for (const name of names)
      measured.set(name, isCell(name) ? cellValue(cells, name) : await outcomeOf(runner, name))
    return measured
  } finally {
    await runner.stop()
  }
}

async function outcomeOf(runner: PatternRunner, id: string): Promise<string> {
  const [result] = await runAttacks(runner, [attackOf(id)])
  return result?.outcome ?? 'error'
}

/** All cells where their number is asked for, else only those that are named. */
async function cellsFor(runner: PatternRunner, names: readonly string[]): Promise<Cell[]> {
  const users = runner.realm.users.map(({ username }) => username)
  if (names.includes('allowed'))
    return runCells(
      runner,
      users,
      prompts.map(({ number }) => number),
    )
  const cells: Cell[] = []
  for (const name of names.filter((each) => / [1-6]$/.test(each))) {
    const [user = '', number] = name.split(' ')
    cells.push(...(await runCells(runner, [user], [Number(number)])))
  }
  return cells
}

function cellValue(cells: readonly Cell[], name: string): string {
  if (name === 'allowed') return String(cells.filter(({ outcome }) => outcome === 'allowed').length)
  const cell = cells.find(({ user, prompt }) => `${user} ${prompt}` === name)
  if (!cell)
    throw new UserError(`"${name}" cannot be measured: give an attack, a cell such as "dave 6", or allowed`)
  return cell.outcome
}

function verdict(holds: boolean, words: string): Rich {
  return markdown(`**${holds ? 'Holds' : 'Not yet'}**: ${words}`)
}

/** The verdict above its table, as one output. */
function merged(above: Rich, below: Rich): Rich {
  const text = above['text/plain'] as string
  const html = text.replace(/\*\*(.+)\*\*/, '<b>$1</b>')
  return {
    'text/html': `<p>${html}</p>${below['text/html']}`,
    'text/plain': `${text}\n${below['text/plain']}`,
  }
}
