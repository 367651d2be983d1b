import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { serverEnvironment } from '../../process/child-environment.ts'
import { withResource } from '../../process/exit.ts'
import { UserError } from '../../process/user-error.ts'
import type { Prepared } from './prepare.ts'

/** The time that a program has to listen, in ms: a cold JVM beside other work needs most of it. */
const timeout = 120_000

/** The details of a start. */
export interface StartOptions {
  /** For messages. */
  readonly name: string
  readonly url: string
  readonly env?: Readonly<Record<string, string>>
  /** Arguments after those of the start command. */
  readonly args?: readonly string[]
  /** True once the program listens. */
  isReady(): Promise<boolean>
}

/** A program that runs and listens. */
export interface Running {
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts a prepared program in its own process, and waits until it listens.
 * @throws {UserError} with what it printed, where it does not
 */
export async function startNative({ folder, start }: Prepared, options: StartOptions): Promise<Running> {
  const { name, url, env, args: more = [], isReady } = options
  const [command = '', ...args] = start
  const child = spawn(command, [...args, ...more], {
    cwd: folder,
    env: { ...serverEnvironment(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = outputOf(child)
  const began = Date.now()
  let isUp = false
  const stop = async () => {
    if (!isUp) await ended(child)
  }
  // Held here until it listens, so that Ctrl-C ends it, too; from then on by whoever asked for it.
  return withResource({ stop }, async () => {
    while (isRunning(child) && Date.now() - began < timeout) {
      // An answer counts while the program runs: otherwise it is somebody else's.
      if ((await isReady()) && isRunning(child)) {
        isUp = true
        return { url, close: () => ended(child) }
      }
      await sleep(50)
    }
    throw new UserError(`${name} does not listen at ${url}: ${said().trim().slice(-2_000)}`)
  })
}

/** Keeps what a program prints, the last of it. */
function outputOf(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text = (text + chunk).slice(-8_000)
    })
  }
  child.once('error', (error) => {
    text += error.message
  })
  return () => text
}

function isRunning({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return exitCode === null && signalCode === null && pid !== undefined
}

async function ended(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(timer)
}
