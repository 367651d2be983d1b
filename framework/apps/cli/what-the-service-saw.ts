import { tone } from '../../process/colours.ts'
import { grid, naturalWidth, type Place } from '../../process/layout.ts'
import { wrapped } from '../../process/wrap.ts'
import { isService } from '../../trace/audit/records.ts'
import { shownIdentity } from './pattern-json.ts'
import type { PatternReport } from './pattern-report.ts'

/** The fields of an identity that a person compares from pattern to pattern, in this order. */
const fields = ['method', 'policy', 'userId', 'roles', 'client', 'actors', 'scopes'] as const

/** For each user the first identity that a service read: what it knew, and where it knew nothing. */
export function whatTheServiceSaw(report: PatternReport, place: Place): string[] {
  const { runner, cells, asked } = report
  const users = new Map([...cells, ...asked].map(({ trace, user }) => [trace, user]))
  const rows = new Map<string, string[]>()
  for (const seen of runner.identities) {
    const user = users.get(seen.trace)
    if (!user || rows.has(user)) continue
    const known = shownIdentity(seen)
    rows.set(user, [user, known.service, ...fields.map((field) => [known[field] ?? '–'].flat().join(' '))])
  }
  if (rows.size === 0) {
    const lines = whatWasReached(report, new Set(users.keys()))
    return place.wide ? lines : lines.flatMap((line) => wrapped(line, place.width))
  }
  const table = [['asked by', 'service', ...fields], ...rows.values()]
  const turned = !place.wide && naturalWidth(table) > place.width
  return grid(turned ? transposed(table) : table, place, (cell, _column, row) =>
    row === 0 ? tone.head(cell) : cell,
  )
}

/** Users as columns and fields as rows: there are more fields than users. */
function transposed(table: readonly (readonly string[])[]): string[][] {
  return (table[0] ?? []).map((_head, at) => table.map((row) => row[at] ?? ''))
}

/** The answers of services that made no identity of a caller, or that none was asked. */
function whatWasReached({ runner }: PatternReport, traces: ReadonlySet<string>): string[] {
  const answers = runner.audit
    .filter((record) => isService(record) && traces.has(record.trace))
    .map(
      ({ service, status, reason }) =>
        `${service} was reached, and made no identity of it: ${status} ${reason}`,
    )
  return answers.length > 0 ? [...new Set(answers)] : ['no service was reached']
}
