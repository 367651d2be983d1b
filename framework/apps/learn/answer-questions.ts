import { pc } from '../../process/colours.ts'
import { lab as howTo } from '../../process/how-to-run.ts'
import { Progress as ProgressLine, say } from '../../process/terminal.ts'
import { Judge } from './judge.ts'
import type { ExplainLab } from './lab.ts'
import { opening } from './learn-text.ts'
import type { LoadedLab } from './load-labs.ts'
import { choicesOf, measureAnswer, understood } from './questions.ts'
import type { Desk, Left } from './work-on.ts'

/**
 * Asks the questions that are not answered right yet, and judges each answer by a run.
 * @returns how the learner leaves
 */
export async function answerQuestions(
  loaded: LoadedLab<ExplainLab>,
  { progress, input }: Pick<Desk, 'progress' | 'input'>,
): Promise<Left> {
  const { id, lab } = loaded
  say(opening(loaded))
  const right = new Set(progress.update(id, (before) => before).right ?? [])
  if (right.size === lab.questions.length) {
    say('All three are answered right already; here they are once more.')
    right.clear()
  }
  const judge = new Judge()
  const line = new ProgressLine()
  try {
    for (const [at, question] of lab.questions.entries()) {
      if (right.has(at)) continue
      say(`\n${pc.bold(`${at + 1} of ${lab.questions.length}`)}  ${question.ask}`)
      const answer = await answerTo(question, input)
      if (answer === undefined) return 'quit'
      line.update('running it')
      const measured = await measureAnswer(question, judge)
      line.done()
      if (measured.answer === answer) {
        say(`${pc.green('✓ right:')} ${measured.why}.`)
        right.add(at)
      } else {
        say(`${pc.red('✗ no:')} ${measured.why}.\n  ${pc.bold('see it:')} ${howTo(measured.run)}`)
      }
      progress.update(id, (before) => ({ ...before, right: [...right] }))
    }
  } finally {
    await judge.stop()
  }
  return conclude(id, right.size, lab.questions.length, progress)
}

async function answerTo(
  question: Parameters<typeof understood>[0],
  input: Desk['input'],
): Promise<string | undefined> {
  for (;;) {
    const typed = await input.ask(`${choicesOf(question)}: `)
    if (typed === undefined || typed === 'quit') return undefined
    const answer = understood(question, typed)
    if (answer) return answer
    say(`"${typed}" is not understood: type ${choicesOf(question)}, or quit`)
  }
}

function conclude(id: string, right: number, all: number, progress: Desk['progress']): Left {
  if (right < all) {
    say(`\n${right} of ${all} right. The others wait: ${howTo(`learn ${id}`)}`)
    return 'quit'
  }
  const solved = new Date().toISOString()
  progress.update(id, (before) => ({ ...before, solved: before.solved ?? solved }))
  say(`\n${pc.green('✓ solved:')} ${all} of ${all} right.`)
  return 'next'
}
