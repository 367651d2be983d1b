import { Command } from 'commander'
import { shortNameOf } from '../../measure/comparison/short-name.ts'
import { tone } from '../../process/colours.ts'
import { lab } from '../../process/how-to-run.ts'
import { grid, gridWithReason, naturalWidth, outputWidth, type Place } from '../../process/layout.ts'
import { type Paint, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'

import { patternNames } from '../../runner/load-pattern.ts'

const formats = ['text', 'jsonl', 'ecs', 'otlp'] as const
/** The number of traces that are listed. */
const listed = 20

interface Flags {
  readonly log?: readonly string[]
  readonly format: string
  readonly wide?: true
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('one timeline of a call, across agent, MCP server, IdP, PDP and service')
    .argument('[trace]', 'trace id, the beginning of one, or "last"; none: lists the latest')
    .option('--format <format>', `${formats.join(', ')} (the last two for a SIEM)`, 'text')
    .option('--log <files...>', 'logs to read; default: the journal, and the logs of pnpm run stack up')
    .option('--wide', 'one line an event, however narrow the terminal is')
    .addHelpText(
      'after',
      `
pattern, attack, compare and serve write a journal (AUDIT_LOG; default .stack/audit.jsonl). The events of Keycloak and the decision log of OPA are joined to it
by trace id, and by token id where there is none. From containers:
  docker compose logs --no-log-prefix > stack.log && pnpm run audit last --log stack.log`,
    )
    .action(show)
}

async function show(trace: string | undefined, flags: Flags): Promise<void> {
  const format = formats.find((each) => each === flags.format)
  if (!format) throw new UserError(`--format must be one of ${formats.join(', ')}, not "${flags.format}"`)
  if (trace === undefined && format !== 'text') {
    throw new UserError(`--format ${format} is for the events of one trace: name it, or use "last"`)
  }
  const { readEvents, timelineOf, tracesIn } = await import('../../trace/audit/timeline.ts')
  const events = await readEvents(flags.log ?? (await defaultLogs()))
  if (trace === undefined) return list(tracesIn(events).slice(-listed), place(flags), await patternNames())
  const timeline = timelineOf(events, trace)
  if (format === 'text') {
    const { narrowRows, timelineRows } = await import('../../trace/audit/text.ts')
    const [to, rows] = [place(flags), timelineRows(timeline)]
    const narrow = !to.wide && naturalWidth(rows.map((row) => row.slice(0, -1))) > to.width
    say(`trace ${timeline[0]?.trace}`)
    for (const row of gridWithReason(narrow ? narrowRows(timeline) : rows, to, paintOf(0))) say(row)
  } else if (format === 'otlp') {
    const { otlpOf } = await import('../../trace/audit/otlp.ts')
    say(JSON.stringify(otlpOf(timeline)))
  } else {
    const { ecsOf } = await import('../../trace/audit/ecs.ts')
    for (const event of timeline) say(JSON.stringify(format === 'ecs' ? ecsOf(event) : event))
  }
}

async function defaultLogs(): Promise<string[]> {
  const { existsSync } = await import('node:fs')
  const { join } = await import('node:path')
  const { journalFile } = await import('../../trace/audit/journal.ts')
  const { stateFolder } = await import('../../process/folders.ts')
  const logs = [
    journalFile(process.env),
    join(stateFolder, 'keycloak.log'),
    join(stateFolder, 'opa.log'),
  ].filter((file) => existsSync(file))
  if (logs.length === 0) throw new UserError('no journal yet: run a pattern first (pnpm run pattern p06)')
  return logs
}

function list(
  traces: readonly import('../../trace/audit/timeline.ts').TraceSummary[],
  to: Place,
  ladder: readonly string[],
): void {
  const rows = traces.map(({ trace, time, pattern, user, tool, outcome }) => [
    user,
    tool,
    outcome,
    ladder.includes(pattern) ? shortNameOf(pattern) : pattern,
    time.slice(11, 19),
    // As many digits as tell one trace from another.
    trace.slice(0, 12),
  ])
  const head = ['who', 'what', 'verdict', 'pattern', 'time', 'trace']
  for (const row of grid([head, ...rows], to, paintOf(2))) say(row)
  say(`\n${lab('audit <trace>')}, or ${lab('audit last')}`)
}

function place({ wide }: Flags): Place {
  return { width: outputWidth(), wide: wide === true }
}

/** A verdict is neither good nor bad in itself; an error is. */
function paintOf(verdict: number): Paint {
  return (cell, column, row) => {
    if (row === 0) return tone.head(cell)
    return column === verdict && cell.startsWith('error') ? tone.bad(cell) : cell
  }
}
