import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from '@lab/services'
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
    while (!(await isReady())) {
      if (child.exitCode === null && child.pid !== undefined && Date.now() - began < timeout) {
        await sleep(50)
        continue
      }
      throw new UserError(`${name} does not listen at ${url}: ${said().trim().slice(-2_000)}`)
    }
    isUp = true
    return { url, close: () => ended(child) }
  })
}

export async function freePort(): Promise<number> {
  const listener = await listen()
  await listener.close()
  return Number(new URL(listener.url).port)
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

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(timer)
}
