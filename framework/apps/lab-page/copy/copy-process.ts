import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { StackFlags } from '../../../runner/stack-from.ts'
import { type CopyListener, type Order, type Report, report } from './copy-report.ts'

/** The bounds of a copy's process: times in ms, memory in MB. */
export const bounds = {
  /** For one step: a cell or an attack. */
  step: 15_000,
  /** So much more for a process and a stack that have to start. */
  start: 60_000,
  whole: 300_000,
  heap: 512,
  /** Heap, buffers and the rest together. */
  memory: 1024,
  /** Lines of its output that are shown. */
  said: 40,
} as const

/** The end of a measurement: empty where it is complete, or the sentence about what came in between. */
export type Ending = string

interface Waiting extends CopyListener {
  readonly number: number
  readonly resolve: (ending: Ending) => void
  said: number
}

/** The process that runs a copy. One that hangs or ends is replaced when it is needed again. */
export class CopyProcess {
  readonly #flags: StackFlags
  readonly #bounds: typeof bounds
  #child: ChildProcess | undefined
  #waiting: Waiting | undefined
  #step: NodeJS.Timeout | undefined
  #whole: NodeJS.Timeout | undefined
  #number = 0
  #complaint = ''

  constructor(flags: StackFlags, limits: Partial<Record<keyof typeof bounds, number>> = {}) {
    this.#flags = flags
    this.#bounds = { ...bounds, ...limits } as typeof bounds
  }

  /** Starts it on a pattern's stack, so that a copy of that pattern need not wait. */
  warm(pattern: string): void {
    this.#order({ type: 'warm', pattern })
  }

  /** Measures a folder, one at a time: the caller waits for the end of the one before. */
  measure(pattern: string, folder: string, listener: CopyListener): Promise<Ending> {
    return new Promise((resolve) => {
      const number = ++this.#number
      this.#waiting = { ...listener, number, resolve, said: 0 }
      this.#whole = setTimeout(
        () => this.#giveUp(this.#bounds.whole),
        this.#bounds.whole + this.#bounds.start,
      )
      this.#expect(true)
      this.#order({ type: 'measure', number, pattern, folder })
    })
  }

  /** Ends a measurement at the person's wish. */
  abort(): void {
    this.#kill()
    this.#end('you stopped it')
  }

  /** Ends the process, and waits until it is gone. */
  async stop(): Promise<void> {
    const child = this.#child
    const gone = child && child.exitCode === null && new Promise((resolve) => child.once('exit', resolve))
    this.abort()
    await gone
  }

  #order(order: Order): void {
    this.#child ??= this.#start()
    // It may have ended a moment ago: then its end is told.
    this.#child.send(order, () => {})
  }

  #start(): ChildProcess {
    const { heap, memory } = this.#bounds
    const main = fileURLToPath(new URL('copy-main.ts', import.meta.url))
    const child = fork(main, [JSON.stringify({ flags: this.#flags, memory })], {
      execArgv: [`--max-old-space-size=${heap}`, '--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#complaint = ''
    child.stderr?.on('data', (text: Buffer) => {
      if (child === this.#child) this.#complaint = `${this.#complaint}${text}`.slice(-4_000)
    })
    child.on('message', (message) => {
      const { success, data } = report.safeParse(message)
      if (success && child === this.#child) this.#hear(data)
    })
    // Without a listener it would end this process, and the page of everybody with it.
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#child !== child) return
      this.#kill()
      this.#end(
        `the system gave your copy no process (${error.code}): close other programs, and run it again`,
      )
    })
    // After its output was read whole.
    child.once('close', (code, signal) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#end(this.#reasonOf(code, signal))
    })
    return child
  }

  #reasonOf(code: number | null, signal: string | null): string {
    if (/heap out of memory/i.test(this.#complaint)) {
      return `your copy took more memory than it may (${this.#bounds.heap} MB) and was ended: look for something that grows without an end`
    }
    return `your copy ended the process that ran it (${signal ?? `exit code ${code}`}): take out what ends it`
  }

  #hear(said: Report): void {
    const waiting = this.#waiting
    if (!waiting || said.type === 'ready') return
    if (said.type === 'said') {
      waiting.said++
      if (waiting.said <= this.#bounds.said) waiting.onSaid(said.text)
      return
    }
    if (said.number !== waiting.number) return
    // From each sign of life on the time counts anew.
    this.#expect(said.type === 'alive' && said.isStarting)
    if (said.type === 'problem') waiting.onProblem(said.problem)
    if (said.type === 'cell') waiting.onCell(said.cell)
    if (said.type === 'attack') waiting.onAttack(said.attack)
    if (said.type === 'over') this.#over(said)
  }

  #over({ failure, left }: Extract<Report, { type: 'over' }>): void {
    // What it left there would be in the way of the next run.
    if (left.length > 0) this.#kill()
    this.#end(failure)
  }

  #expect(isStarting: boolean): void {
    clearTimeout(this.#step)
    const { step, start } = this.#bounds
    this.#step = setTimeout(() => this.#giveUp(step), step + (isStarting ? start : 0))
  }

  #giveUp(limit: number): void {
    this.#kill()
    this.#end(
      `your copy did not come back within ${limit / 1000} s and was ended: look for a loop without an end, or an await for something that never comes`,
    )
  }

  #kill(): void {
    const child = this.#child
    this.#child = undefined
    child?.kill('SIGKILL')
  }

  #end(ending: Ending): void {
    clearTimeout(this.#step)
    clearTimeout(this.#whole)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(ending)
  }
}
