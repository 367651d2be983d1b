import { typeProblems } from '../../runner/type-check/type-problems.ts'
import { type Change, withChangedPattern } from './changed-pattern.ts'
import { checkName, type Measurement, measure } from './measure.ts'
import { notUnderstood, readPrediction } from './prediction.ts'
import { markdown, type Rich } from './rich.ts'
import { type TableCell, table } from './table.ts'

/**
 * Change one line, predict, run. What can be predicted: an attack by its id (`succeeds`, `blocked`, `n/a`), a cell
 * by user and prompt (`dave 6`: `allowed`, `denied`), and `allowed`, how many of all cells are. The README's letters
 * and yes and no do as well. `?`: no prediction yet.
 */
export interface Exercise extends Change {
  readonly predict: Readonly<Record<string, string | number>>
}

/**
 * Runs the changed pattern and measures what was predicted. A line that does not compile or throws denies everything,
 * and shows nothing.
 * @param asked what the exercise asks to predict
 * @param goal what the change must bring about, where the exercise asks for a change that does
 * @returns whether the exercise holds, and where it does not
 * @throws {UserError} for a line that is not there, or something that cannot be measured
 */
export async function checkExercise(
  exercise: Exercise,
  asked: readonly [string, ...string[]],
  goal: Exercise['predict'] = {},
): Promise<Rich> {
  const { line, to } = exercise
  if (line === to) return assessment(false, 'nothing is changed: put your line into `to`.')
  const named = [...new Set([...asked, ...Object.keys(exercise.predict)])]
  const open = named.filter((name) => (exercise.predict[name] ?? '?') === '?')
  if (open.length > 0) return assessment(false, `predict first: ${open.join(', ')}.`)
  // Before the words: a prediction for what there is not cannot be one.
  for (const name of named) checkName(name)
  const predicted = named.map((name) => [name, readPrediction(name, exercise.predict[name] ?? '')] as const)
  const unclear = predicted.find(([, value]) => value === undefined)
  if (unclear) return assessment(false, notUnderstood(unclear[0], exercise.predict[unclear[0]] ?? ''))
  return withChangedPattern(exercise, async (folder) => {
    const [problem] = await typeProblems(folder)
    if (problem) {
      const { file, line, message } = problem
      return assessment(false, `your line does not compile: \`${file} line ${line}: ${message}\``)
    }
    const measured = await measure(folder, [...new Set([...named, ...Object.keys(goal)])])
    return comparisonTable([
      ...predicted.map(([name, value]) => comparison(name, value ?? '', measured)),
      ...Object.entries(goal).map(([name, value]) =>
        comparison(name, String(value), measured, 'asked for: '),
      ),
    ])
  })
}

interface Comparison extends Measurement {
  readonly name: string
  readonly wanted: string
  readonly holds: boolean
}

function comparison(
  name: string,
  value: string,
  measured: ReadonlyMap<string, Measurement>,
  prefix = '',
): Comparison {
  const found = measured.get(name) as Measurement
  return { ...found, name, wanted: prefix + value, holds: found.value === value && value !== 'error' }
}

function comparisonTable(all: readonly Comparison[]): Rich {
  const failed = all.find(({ value }) => value === 'error')
  const wrong = all.filter(({ holds }) => !holds).length
  const words = failed
    ? `${failed.name} could not be measured. What fails, or refuses everybody, withstands nothing.`
    : wrong > 0
      ? `${wrong} of ${all.length} are different: find out why, and change line or prediction.`
      : 'as predicted.'
  const rows = all.map(({ name, wanted, holds, value, why }): TableCell[] => [
    name,
    wanted,
    { text: `${holds ? '✓' : '✗'} ${value}`, tone: holds ? 'good' : 'bad' },
    why,
  ])
  return merged(
    assessment(wrong === 0, words),
    table({ head: ['what', 'predicted', 'measured', 'why'], rows }),
  )
}

function assessment(holds: boolean, words: string): Rich {
  return markdown(`**${holds ? 'Holds' : 'Not yet'}**: ${words}`)
}

/** The assessment above its table, as one output. */
function merged(above: Rich, below: Rich): Rich {
  const text = above['text/plain'] as string
  const html = text.replace(/\*\*(.+)\*\*/, '<b>$1</b>')
  return {
    'text/html': `<p>${html}</p>${below['text/html']}`,
    'text/plain': `${text}\n${below['text/plain']}`,
  }
}
