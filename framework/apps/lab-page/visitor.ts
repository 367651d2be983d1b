import { newTraceparent, traceIdOf } from '@lab/contract'
import { attacks } from '../../attacks/index.ts'
import { type JudgedResult, withDeclared } from '../../measure/declarations/declared-outcome.ts'
import { declarationFor } from '../../measure/declarations/load-declarations.ts'
import { UserError } from '../../process/user-error.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { StackOptions } from '../../runner/stack.ts'
import type { AuditEvent } from '../../trace/audit/event.ts'
import { type AttackRun, attackOf, Lesson } from '../notebook/lesson.ts'
import { Copies } from './copy/copies.ts'
import { Job } from './job.ts'
import { runView, sequenceView } from './run-view.ts'

/** The bounds of one session: running patterns, jobs at once and jobs that are kept, hops and events that are kept. */
const bounds = { patterns: 3, working: 4, jobs: 16, hops: 4000, events: 3000 } as const

/** One browser session: its own running patterns and data, and what it has seen so far. */
export class Visitor {
  lastUsed = Date.now()
  readonly #stack: StackOptions
  /** By pattern, the one that was used last at the end. */
  readonly #lessons = new Map<string, Promise<Lesson>>()
  readonly #working = new Map<string, number>()
  readonly #jobs = new Map<string, Job>()
  readonly #results = new Map<string, JudgedResult>()
  readonly #events: AuditEvent[] = []
  readonly copies: Copies

  constructor(stack: StackOptions, copies = new Copies({})) {
    this.copies = copies
    this.#stack = {
      ...stack,
      recorder: { capacity: bounds.hops },
      auditSink: (event) => {
        // What the journal does not take has not happened.
        stack.auditSink?.(event)
        this.#events.push(event)
        if (this.#events.length > bounds.events) this.#events.shift()
      },
    }
  }

  /** True while a job goes on. */
  get isBusy(): boolean {
    return this.#working.size > 0 || this.copies.isBusy
  }

  /** All that its patterns wrote down, the oldest first. */
  get events(): readonly AuditEvent[] {
    return this.#events
  }

  /** The last result of each attack that was run here. */
  get results(): readonly JudgedResult[] {
    return [...this.#results.values()]
  }

  resultOf(pattern: string, id: string): JudgedResult | undefined {
    return this.#results.get(`${pattern} ${id}`)
  }

  job(id: string): Job | undefined {
    return this.#jobs.get(id)
  }

  /** Lets the agent work on a prompt; the job tells the sequence as it grows, and what came of it. */
  run(pattern: string, user: string, prompt: string): Job {
    return this.#begin(pattern, async (lesson, job) => {
      const { recorder } = lesson.runner.stack
      const traceparent = newTraceparent()
      const trace = traceIdOf(traceparent)
      let due = false
      const tell = () => {
        due = false
        const { hops } = recorder.of(trace)
        if (!job.isOver && hops.length > 0) job.tell('sequence', sequenceView(lesson, { hops }))
      }
      // The recorder keeps a hop after it has told of it.
      const untap = recorder.tap(() => {
        if (!due) setImmediate(tell)
        due = true
      })
      try {
        const run = await lesson.ask(user, prompt, { traceparent })
        job.tell('sequence', sequenceView(lesson, run))
        job.tell('done', runView(lesson, run))
      } finally {
        untap()
      }
    })
  }

  /**
   * Runs attacks, one after another; the job tells each result.
   * @throws {UserError} for an attack that there is not
   */
  attack(pattern: string, ids: readonly string[]): Job {
    for (const id of ids) attackOf(id)
    return this.#begin(pattern, async (lesson, job) => {
      const declaration = await declarationFor(lesson.runner)
      for (const id of ids.length > 0 ? ids : attacks.map((attack) => attack.id)) {
        const { hops: _hops, ...result }: AttackRun = await lesson.attack(id)
        const [judged] = withDeclared([result], declaration)
        if (!judged) continue
        this.#results.set(`${pattern} ${id}`, judged)
        job.tell('attack', { id, pattern, outcome: judged.outcome })
      }
      job.tell('done', {})
    })
  }

  /** Runs a copy; the job tells each cell and attack. @throws {UserError} as {@link Copies.run} */
  runCopy(pattern: string, version: number): Job {
    return this.#keep(this.copies.run(pattern, version))
  }

  /** Stops all its patterns, and the process of its copies. */
  async stop(): Promise<void> {
    await this.copies.stop()
    const lessons = [...this.#lessons.values()]
    this.#lessons.clear()
    await Promise.all(lessons.map(stopLesson))
  }

  #begin(pattern: string, work: (lesson: Lesson, job: Job) => Promise<void>): Job {
    const working = [...this.#working.values()].reduce((sum, each) => sum + each, 0)
    if (working >= bounds.working) {
      throw new UserError(
        `${bounds.working} runs go on in this session, the most there may be: wait for one of them`,
      )
    }
    const job = this.#keep(new Job())
    this.#working.set(pattern, (this.#working.get(pattern) ?? 0) + 1)
    void this.#carryOut(pattern, job, work)
    return job
  }

  #keep(job: Job): Job {
    this.#jobs.set(job.id, job)
    const [oldest = ''] = this.#jobs.keys()
    if (this.#jobs.size > bounds.jobs) this.#jobs.delete(oldest)
    return job
  }

  async #carryOut(
    pattern: string,
    job: Job,
    work: (lesson: Lesson, job: Job) => Promise<void>,
  ): Promise<void> {
    try {
      await work(await this.#lesson(pattern), job)
    } catch (error) {
      job.tell('failed', { message: error instanceof Error ? error.message : String(error) })
    } finally {
      const left = (this.#working.get(pattern) ?? 1) - 1
      if (left > 0) this.#working.set(pattern, left)
      else this.#working.delete(pattern)
      this.lastUsed = Date.now()
    }
  }

  async #lesson(pattern: string): Promise<Lesson> {
    const running = this.#lessons.get(pattern) ?? startLesson(pattern, this.#stack)
    this.#lessons.delete(pattern)
    this.#lessons.set(pattern, running)
    await this.#stopUnused()
    try {
      return await running
    } catch (error) {
      this.#lessons.delete(pattern)
      throw error
    }
  }

  /** Stops the patterns that were used longest ago, where more run than may. */
  async #stopUnused(): Promise<void> {
    for (const [pattern, lesson] of this.#lessons) {
      if (this.#lessons.size <= bounds.patterns) return
      if (this.#working.has(pattern)) continue
      this.#lessons.delete(pattern)
      await stopLesson(lesson)
    }
  }
}

async function startLesson(pattern: string, stack: StackOptions): Promise<Lesson> {
  const description = await describePattern(pattern)
  const runner = new PatternRunner(description.folder, stack)
  await runner.start()
  return new Lesson(description, runner)
}

async function stopLesson(lesson: Promise<Lesson>): Promise<void> {
  await lesson.then(({ runner }) => runner.stop()).catch(() => {})
}
