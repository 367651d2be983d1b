import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { columns, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'

const formats = ['text', 'jsonl', 'ecs', 'otlp'] as const
/** The number of traces that are listed. */
const listed = 20

interface Flags {
  readonly log?: readonly string[]
  readonly format: string
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('one timeline of a call, across agent, MCP server, IdP, PDP and service')
    .argument('[trace]', 'trace id, the beginning of one, or "last"; none: lists the latest')
    .option('--format <format>', `${formats.join(', ')} (the last two for a SIEM)`, 'text')
    .option('--log <files...>', 'logs to read; default: the journal, and the logs of pnpm run stack up')
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
  const { readEvents, timelineOf, tracesIn } = await import('../../trace/audit/timeline.ts')
  const events = await readEvents(flags.log ?? (await defaultLogs()))
  if (trace === undefined) return list(tracesIn(events).slice(-listed))
  const timeline = timelineOf(events, trace)
  if (format === 'text') {
    const { timelineRows } = await import('../../trace/audit/text.ts')
    const rows = timelineRows(timeline)
    say(`trace ${timeline[0]?.trace}`)
    for (const row of columns(rows, (cell, column) => (column === 2 ? paint(cell) : cell))) say(row)
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

function list(traces: readonly import('../../trace/audit/timeline.ts').TraceSummary[]): void {
  const rows = traces.map(({ trace, time, pattern, user, tool, outcome }) => [
    trace,
    time.slice(0, 19),
    pattern,
    user,
    tool,
    outcome,
  ])
  for (const row of columns(rows, (cell, column) => (column === 5 ? paint(cell) : cell))) say(row)
  say('\npnpm run audit <trace>, or pnpm run audit last')
}

function paint(outcome: string): string {
  if (outcome.startsWith('allow')) return pc.green(outcome)
  return outcome.startsWith('deny') || outcome.startsWith('error') ? pc.red(outcome) : outcome
}
