import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BackgroundProcess } from './background-process.ts'
import { UserError } from './user-error.ts'

/** The place for progress messages. */
export interface Progress {
  /** A step, as a line that stays. */
  report(line: string): void
  /** The state of the current step, as a line that the next one replaces. */
  update(line: string): void
}

/** A cold machine needs a minute for Keycloak; then something is wrong. In ms. */
const timeout = 240_000

/** Asks a health endpoint. @returns true if it answers 200 */
export async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    // Not listening yet, or too busy to answer: the one who waits asks again.
    return false
  }
}

/**
 * Waits until a process that was started is healthy.
 * @throws {UserError} with the end of its log where it ends before that, or takes too long
 */
export async function waitForHealth(
  process: BackgroundProcess,
  url: string,
  progress: Progress,
): Promise<void> {
  const began = Date.now()
  while (!(await isHealthy(url))) {
    const seconds = Math.round((Date.now() - began) / 1000)
    if (process.pid === undefined)
      throw new UserError(`${process.name} ended while it started: ${lastOf(process)}`)
    if (Date.now() - began > timeout) {
      throw new UserError(`${process.name} is not healthy after ${seconds} s: ${lastOf(process)}`)
    }
    progress.update(`waiting for ${process.name}, ${seconds} s`)
    await sleep(250)
  }
  progress.report(`${process.name} is healthy`)
}

/** The last line of the log that reads like a reason; JSON log lines by their message. */
function lastOf({ log }: BackgroundProcess): string {
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  const line = lines.findLast((each) => /error/i.test(each)) ?? lines.at(-1) ?? 'it said nothing'
  return `${messageOf(line)}; its log: ${log}`
}

function messageOf(line: string): string {
  try {
    const { message, msg, err } = JSON.parse(line) as Record<string, string | undefined>
    return [message ?? msg, err].filter(Boolean).join(': ')
  } catch {
    return line.trim()
  }
}
