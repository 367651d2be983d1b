import type { Run } from '../../runner/pattern-runner.ts'
import type { Lesson } from './lesson.ts'
import type { Rich } from './rich.ts'
import { type TableCell, table } from './table.ts'

/** The fields of `Identity`: all that a service can know of a caller. */
const fields = ['method', 'policy', 'userId', 'roles', 'client', 'actors', 'scopes'] as const

/** The identity that each run's service read, beside what the service of the pattern before read for the first of them. */
export async function identityTable(lesson: Lesson, runs: readonly Run[]): Promise<Rich> {
  const [first] = runs
  const before = await lesson.before()
  const earlier = before && first ? knownOf(await before.ask(first.user, first.prompt)) : undefined
  const known = runs.map(knownOf)
  const rows = fields.map((field): TableCell[] => [
    { text: field, code: true },
    ...(earlier ? [earlier.get(field) ?? '–'] : []),
    ...known.map((each) => {
      const text = each.get(field) ?? '–'
      const isNew = earlier !== undefined && each === known[0] && text !== (earlier.get(field) ?? '–')
      return isNew ? ({ text: `${text} ←`, tone: 'changed' } as const) : text
    }),
  ])
  const head = ['field', ...(before && first ? [`${before.name}: ${first.user}`] : [])]
  return table({
    head: [...head, ...runs.map(({ user }) => `${lesson.name}: ${user}`)],
    rows,
    notes: [
      ...(earlier ? ['← differs from the pattern before'] : []),
      ...(hasToken(runs) ? ['not shown: claims and rawToken'] : []),
    ],
  })
}

function hasToken(runs: readonly Run[]): boolean {
  return runs.some(({ identities }) => identities.some(({ identity }) => identity.rawToken !== undefined))
}

function knownOf({ identities }: Run): Map<string, string> {
  const [seen] = identities
  if (!seen) return new Map()
  return new Map(
    fields.flatMap((field) => {
      const value = seen.identity[field]
      return value === undefined ? [] : [[field, [value].flat().join(' ') || '(none)'] as const]
    }),
  )
}
