import { performance } from 'node:perf_hooks'
import type { Attack } from '../../attacks/attacker/attack.ts'
import { attacks } from '../../attacks/index.ts'
import { type AttackResult, runAttacks } from '../../attacks/run-attacks.ts'
import { UserError } from '../../process/user-error.ts'
import { type Cell, judgedRun, runCells } from '../../runner/cells.ts'
import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { PatternRunner, type Run, type RunOptions } from '../../runner/pattern-runner.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { stackFrom } from '../../runner/stack-from.ts'
import { promptNumbers, prompts } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import { StableNames } from '../../trace/sequence/stable-names.ts'

/** An attack, and every hop from its beginning: those of its victim, too. */
export interface AttackRun extends AttackResult {
  readonly hops: readonly Hop[]
}

/** A run, and what came of it where the prompt is a canonical one. */
export interface LessonRun extends Run {
  readonly cell?: Cell
}

/**
 * One pattern, running for as long as the notebook does. What it is asked to do happens one thing after another,
 * each on fresh data: cells may run twice, out of order, or again after an interrupt.
 */
export class Lesson {
  readonly description: PatternDescription
  readonly runner: PatternRunner
  #last: Promise<unknown> = Promise.resolve()

  constructor(description: PatternDescription, runner: PatternRunner) {
    this.description = description
    this.runner = runner
  }

  /** `p06` */
  get name(): string {
    return this.description.name.split('-')[0] as string
  }

  /** The users of the realm, in its order. */
  get users(): readonly string[] {
    return usernames(this.runner.realm)
  }

  /** A user signs in, and the agent works on one prompt. */
  async ask(user: string, prompt: string, options: RunOptions = {}): Promise<LessonRun> {
    return this.#alone(async () => {
      this.runner.resetData()
      this.runner.stack.sessions.forget()
      const before = this.runner.snapshot()
      const run = await this.runner.runAs(user, prompt, options)
      const number = prompts.find(({ text }) => text === prompt)?.number
      return number === undefined ? run : { ...run, cell: judgedRun(this.runner, run, number, before) }
    })
  }

  /** Every user asks every one of these prompts. */
  async askAll(asked: readonly string[]): Promise<LessonRun[]> {
    const runs: LessonRun[] = []
    for (const prompt of asked) {
      for (const user of this.users) runs.push(await this.ask(user, prompt))
    }
    return runs
  }

  /** The canonical prompts of every user, each judged by its effect. */
  async cells(): Promise<Cell[]> {
    return this.#alone(() => runCells(this.runner, this.users, promptNumbers))
  }

  /** @throws {UserError} where there is no such attack */
  async attack(id: string): Promise<AttackRun> {
    return this.#alone(async () => {
      const since = performance.now()
      const [result] = await runAttacks(this.runner, [attackOf(id)])
      const hops = this.runner.hops.filter(({ started }) => started >= since)
      return { ...(result as AttackResult), hops }
    })
  }

  /** The lesson that this one is built on; undefined for the first. */
  async before(): Promise<Lesson | undefined> {
    const { baseline } = this.description.mcpAuth
    return baseline === 'none' ? undefined : openLesson(baseline)
  }

  /** Names for what differs from run to run. */
  namesIn(run: Pick<Run, 'hops'>): StableNames {
    return new StableNames(this.runner.stack, run.hops)
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => {})
    return mine
  }
}

/** @throws {UserError} where there is no such attack */
export function attackOf(id: string): Attack {
  const attack = attacks.find((each) => each.id === id)
  if (attack) return attack
  throw new UserError(`unknown attack "${id}": use one of ${attacks.map((each) => each.id).join(', ')}`)
}

const lessons = new Map<string, Lesson>()

/**
 * Starts a pattern, or finds it running; one that was stopped starts again. `STACK=real` in the environment runs it
 * on Keycloak and an OPA server, and `OPENAI_MODEL` on a real model.
 * @throws {UserError} for a pattern that there is not, or a part of the stack that cannot be reached
 */
export async function openLesson(which: string): Promise<Lesson> {
  const description = await describePattern(which)
  const key = [description.folder, process.env.STACK, process.env.OPENAI_MODEL].join('\n')
  const options = lessons.has(key) ? undefined : await stackOptions()
  const lesson = lessons.get(key) ?? new Lesson(description, new PatternRunner(description.folder, options))
  lessons.set(key, lesson)
  try {
    await lesson.runner.start()
    return lesson
  } catch (error) {
    // What it was to run on may be another by the next time.
    lessons.delete(key)
    throw error
  }
}

/**
 * The stack that the environment chooses for the notebooks.
 * @throws {UserError} for a stack that there is not
 */
export async function stackOptions(): Promise<StackOptions> {
  const { STACK, OPENAI_MODEL } = process.env
  if (STACK && !['embedded', 'real'].includes(STACK)) {
    throw new UserError(`STACK must be embedded or real, not "${STACK}"`)
  }
  return stackFrom({ ...(STACK && { stack: STACK }), ...(OPENAI_MODEL && { model: OPENAI_MODEL }) })
}
