import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { UserError } from '../../process/user-error.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import type { AuditEvent } from './event.ts'
import { eventsIn } from './read-lines.ts'

/**
 * Reads all events out of log files.
 * @throws {UserError} for a file that cannot be read
 */
export async function readEvents(files: readonly string[]): Promise<AuditEvent[]> {
  const names = new Map(readRealm().users.map(({ sub, username }) => [sub, username]))
  const nameOf = (sub: string) => names.get(sub)
  const events: AuditEvent[] = []
  for (const file of files) {
    try {
      for await (const line of createInterface({ input: createReadStream(file) }))
        events.push(...eventsIn(line, nameOf))
    } catch (error) {
      throw new UserError(
        `${file} cannot be read (${(error as NodeJS.ErrnoException).code}): use --log with a file that can be read`,
      )
    }
  }
  return events
}

/** A trace in short: what its first event and the one that settled it say. */
export interface TraceSummary {
  readonly trace: string
  readonly time: string
  readonly pattern: string
  readonly user: string
  readonly tool: string
  readonly outcome: string
}

/** The traces that a tool call or a refusal belongs to, oldest first. */
export function tracesIn(events: readonly AuditEvent[]): TraceSummary[] {
  const last = new Map<string, TraceSummary>()
  for (const { trace, time, pattern, source, user = '–', tool = '–', outcome } of events) {
    if (!trace || !pattern || source === 'idp') continue
    // Set anew, so that the order is the one of the last events.
    last.delete(trace)
    last.set(trace, { trace, time, pattern, user, tool, outcome })
  }
  return [...last.values()]
}

/**
 * The timeline of one trace: what carries its id, and what an IdP without tracing wrote about its tokens.
 * @param wanted a trace id or the beginning of one; `last`: the latest
 * @throws {UserError} where there is no such trace, or more than one
 */
export function timelineOf(events: readonly AuditEvent[], wanted: string): AuditEvent[] {
  const found = new Set(
    wanted === 'last'
      ? tracesIn(events)
          .slice(-1)
          .map(({ trace }) => trace)
      : events.flatMap(({ trace }) => (trace?.startsWith(wanted) ? [trace] : [])),
  )
  const [trace, another] = found
  if (!trace) throw new UserError(`there is no trace ${wanted} in the logs: pnpm run audit lists them`)
  if (another) throw new UserError(`more than one trace begins with ${wanted}: use more of its digits`)
  const own = events.filter((event) => event.trace === trace)
  const tokens = new Set<string | undefined>(own.flatMap(({ jti }) => jti ?? []))
  const joined = events.filter((event) => !event.trace && tokens.has(event.jti))
  return [...own, ...joined].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
}
