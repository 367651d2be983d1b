import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { patternOrder } from '../../measure/declarations/order.ts'
import { runCells } from '../../runner/cells.ts'
import { prompts } from '../../scenario/prompts.ts'
import type { Judge } from './judge.ts'
import type { Question } from './lab.ts'

/** The measured answer to a question, and the run that shows it. */
export interface Measured {
  /** `succeeds`, `blocked`, `n/a`, `allowed`, `denied`, or a rung. */
  readonly answer: string
  readonly why: string
  /** The words after `pnpm run` that show it. */
  readonly run: string
}

/** The words in which a question can be answered: each answer with the words that mean it. */
type Answers = Readonly<Record<string, readonly string[]>>

const ofAttack: Answers = {
  succeeds: ['succeeds', 'succeed', 's', 'yes', 'y'],
  blocked: ['blocked', 'block', 'b', 'no', 'n'],
  'n/a': ['n/a', 'na', '-', '–'],
}
const ofCell: Answers = {
  allowed: ['allowed', 'allow', 'a', 'yes', 'y', '+'],
  denied: ['denied', 'deny', 'd', 'no', 'n', '-', '–'],
}

/** The answers that a question takes, for a person to choose from. */
export function choicesOf(question: Question): string {
  if ('firstToBlock' in question) return 'a rung, such as p04'
  return 'attack' in question ? 'yes (it succeeds), no (it is blocked) or n/a' : 'allowed or denied'
}

/** The answer that somebody typed; undefined where it is none. */
export function understood(question: Question, typed: string): string | undefined {
  const word = typed.trim().toLowerCase()
  if ('firstToBlock' in question) {
    const number = /^p?0?(\d{1,2})$/.exec(word)?.[1]
    return number && `p${number.padStart(2, '0')}`
  }
  const answers = 'attack' in question ? ofAttack : ofCell
  return Object.keys(answers).find((answer) => answers[answer]?.includes(word))
}

/**
 * Runs what a question asks about. No answer is written down anywhere.
 * @param typed the answer to compare with: for the first rung that blocks an attack, the one to look at first
 */
export async function measureAnswer(question: Question, judge: Judge): Promise<Measured> {
  if ('cell' in question) {
    const [user = '', number = ''] = question.cell.split(' ')
    const runner = await judge.rung(question.on)
    const [cell] = await runCells(runner, [user], [Number(number)])
    const text = prompts.find((each) => each.number === Number(number))?.text ?? number
    return {
      answer: cell?.outcome ?? 'error',
      why: `on ${question.on}, ${user}'s "${text}" is ${cell?.outcome}: ${cell?.reason}`,
      run: `pattern ${question.on} --user ${user} --prompt ${number}`,
    }
  }
  if ('attack' in question) return attackOn(question.on, question.attack, judge)
  return firstToBlock(question.firstToBlock, judge)
}

async function firstToBlock(id: string, judge: Judge): Promise<Measured> {
  let before: Measured | undefined
  for (const name of (await patternOrder()).ladder) {
    const rung = name.slice(0, 3)
    const measured = await attackOn(rung, id, judge)
    if (measured.answer === 'blocked') {
      const contrast = before ? `${before.why}; ` : ''
      return { answer: rung, why: contrast + measured.why, run: measured.run }
    }
    before = measured
  }
  return { answer: 'none', why: `no rung blocks ${id}`, run: `attack p08 --only ${id}` }
}

async function attackOn(rung: string, id: string, judge: Judge): Promise<Measured> {
  const runner = await judge.rung(rung)
  const [result] = await runAttacks(
    runner,
    attacks.filter((attack) => attack.id === id),
  )
  const { outcome = 'error', reason = 'there is no such attack' } = result ?? {}
  const verb = { succeeds: 'succeeds', blocked: 'is blocked', 'n/a': 'does not apply', error: 'failed' }[
    outcome
  ]
  return {
    answer: outcome,
    why: `on ${rung}, ${id} ${verb}: ${reason}`,
    run: `attack ${rung} --only ${id}`,
  }
}
