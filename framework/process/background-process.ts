import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from './tools.ts'
import { UserError } from './user-error.ts'

/** The time that a process has to end by itself before it is killed, in ms. */
const timeout = 20_000

/** The addresses of a program: its own, and that of its health endpoint. */
export interface Addresses {
  readonly url: string
  readonly health: string
}

/** The note that is kept of a started program. */
interface Note {
  readonly pid: number
  readonly started: string
  readonly at: Addresses
}

/** A program that goes on when this one ends. Its process id and its output are kept in a folder. */
export class BackgroundProcess {
  readonly name: string
  /** Everything that it printed since it was last started. */
  readonly log: string
  readonly #pidFile: string

  constructor(name: string, folder: string) {
    this.name = name
    this.log = join(folder, `${name}.log`)
    this.#pidFile = join(folder, `${name}.pid.json`)
  }

  /**
   * @param at where it will listen
   * @throws {UserError} where the program cannot be run
   */
  async start(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    at: Addresses,
  ): Promise<void> {
    mkdirSync(join(this.log, '..'), { recursive: true })
    const output = openSync(this.log, 'w')
    // A process group of its own: Ctrl-C here does not end it, and stopping it ends what it started.
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', output, output] })
    closeSync(output)
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (cause) =>
        reject(new UserError(`${command} cannot be run (${cause.message}): reinstall it`, { cause })),
      )
    })
    child.unref()
    const pid = child.pid ?? 0
    const note: Note = { pid, started: startOf(pid), at }
    writeFileSync(this.#pidFile, `${JSON.stringify(note)}\n`)
  }

  /** Its process id, if it runs. A number that the system has given to another program since does not count. */
  get pid(): number | undefined {
    return this.#running()?.pid
  }

  /** Its real addresses, whatever the environment says by now; undefined if it does not run. */
  get at(): Addresses | undefined {
    return this.#running()?.at
  }

  /** Ends it, if it runs. @returns whether it did */
  async stop(): Promise<boolean> {
    const { pid } = this
    if (pid !== undefined) {
      signal(pid, 'SIGTERM')
      const deadline = Date.now() + timeout
      while (this.pid !== undefined && Date.now() < deadline) await sleep(100)
      if (this.pid !== undefined) signal(pid, 'SIGKILL')
    }
    rmSync(this.#pidFile, { force: true })
    return pid !== undefined
  }

  /** Ends it at once, as a crash would; it can be started again. */
  async kill(): Promise<void> {
    const { pid } = this
    if (pid === undefined) return
    signal(pid, 'SIGKILL')
    while (this.pid !== undefined) await sleep(20)
  }

  #running(): Note | undefined {
    const noted = this.#noted()
    return noted && noted.started !== '' && startOf(noted.pid) === noted.started ? noted : undefined
  }

  #noted(): Note | undefined {
    try {
      return JSON.parse(readFileSync(this.#pidFile, 'utf8'))
    } catch {
      // Never started, stopped, or cut short while it was noted: in each case nothing that we could stop.
      return undefined
    }
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, name)
  } catch (error) {
    // It ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The start time of a process, as `ps` writes it; empty if there is none, or only a zombie. */
function startOf(pid: number): string {
  const { status, output } = run('ps', ['-o', 'state=,lstart=', '-p', String(pid)])
  if (status === undefined) throw new UserError('ps was not found; install it (Debian: apt install procps)')
  const [state = '', ...started] = output.trim().split(/\s+/)
  return state.startsWith('Z') ? '' : started.join(' ')
}
