import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Finding, Listener } from './finding.ts'

/** A save to judge. A later one takes its place. */
export interface Job {
  readonly number: number
  readonly lab: string
  readonly folder: string
}

export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'said'; readonly text: string }
  | { readonly type: 'begun' | 'starting'; readonly number: number }
  | {
      readonly type: 'step'
      readonly number: number
      readonly done: number
      readonly of: number
      readonly what: string
    }
  | { readonly type: 'first'; readonly number: number; readonly line: string }
  | {
      readonly type: 'found'
      readonly number: number
      readonly finding: Finding
      /** The places outside of all modules where the code left something: `globalThis.tokens`. */
      readonly left: readonly string[]
    }

/** The longest that one step of the learner's code may take, in ms. */
const stepLimit = 10_000

/** A process that starts, and loads everything, may take so much longer, in ms. */
const startLimit = 60_000

interface Waiting extends Job, Listener {
  readonly resolve: (finding: Finding | undefined) => void
}

/** A process with a warm stack, which runs the learner's code. One that hangs or ends is replaced. */
export class JudgeProcess {
  readonly #onSaid: (text: string) => void
  #child: ChildProcess | undefined
  #waiting: Waiting | undefined
  #timer: NodeJS.Timeout | undefined
  #number = 0
  #isReady = false

  /** @param onSaid is told what the learner's code prints */
  constructor(onSaid: (text: string) => void) {
    this.#onSaid = onSaid
  }

  /** Starts the process, so that it is warm when it is needed. */
  warm(): void {
    this.#child ??= this.#start()
  }

  /** @returns undefined where a later save has taken this one's place */
  judge(lab: string, folder: string, listener: Listener = {}): Promise<Finding | undefined> {
    this.#end(undefined)
    this.warm()
    return new Promise((resolve) => {
      const job = { number: ++this.#number, lab, folder }
      this.#waiting = { ...job, ...listener, resolve }
      this.#timer = setTimeout(() => this.#giveUp(), stepLimit + (this.#isReady ? 0 : startLimit))
      // It may have ended a moment ago: then its end is told.
      this.#child?.send(job, () => {})
    })
  }

  async stop(): Promise<void> {
    this.#end(undefined)
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  #start(): ChildProcess {
    this.#isReady = false
    const child = fork(fileURLToPath(new URL('judge-main.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('message', (report: Report) => this.#hear(report))
    // Without a listener it would end this process, and the lesson with it.
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#end({
        solved: false,
        line: `the system gave your code no process (${error.code}).`,
        next: 'close other programs, and save again',
      })
    })
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#end({
        solved: false,
        line: `your code ended the process that ran it (${signal ?? `exit code ${code}`}).`,
        next: 'take out what ends it, and save',
      })
    })
    return child
  }

  #hear(report: Report): void {
    const { type } = report
    if (type === 'ready') {
      this.#isReady = true
      return
    }
    if (type === 'said') {
      this.#onSaid(report.text)
      return
    }
    const waiting = this.#waiting
    if (report.number !== waiting?.number) return
    // From each sign of life on the time counts anew.
    clearTimeout(this.#timer)
    if (type === 'found') {
      this.#found(report)
      return
    }
    this.#timer = setTimeout(() => this.#giveUp(), stepLimit + (type === 'starting' ? startLimit : 0))
    if (type === 'step') waiting.onStep?.(report.done, report.of, report.what)
    if (type === 'first') waiting.onFirst?.(report.line)
  }

  #found({ finding, left }: Extract<Report, { type: 'found' }>): void {
    if (left.length === 0) {
      this.#end(finding)
      return
    }
    // What it left there would be in the way of whatever is judged next.
    this.#replace()
    const note = `left behind by your code: ${left.join(', ')}. The next save runs in a new process.`
    this.#end({ ...finding, evidence: [...(finding.evidence ?? []), note] })
  }

  #giveUp(): void {
    this.#replace()
    this.#end({
      solved: false,
      line: `your code did not come back within ${stepLimit / 1000} s and was ended.`,
      next: 'look for a loop without an end, or an await for something that never comes',
    })
  }

  #replace(): void {
    const child = this.#child
    this.#child = undefined
    child?.kill('SIGKILL')
    this.warm()
  }

  #end(finding: Finding | undefined): void {
    clearTimeout(this.#timer)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(finding)
  }
}
