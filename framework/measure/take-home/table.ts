import type { Language } from './language.ts'
import { type Comparison, type TakenHome, takenHome } from './measure.ts'

const head = ['Language', 'Libraries', ...takenHome, 'Mistakes noticed']

/** The line of one language in the page's table. */
export function rowOf(
  { name, libraries, mistakes }: Language,
  comparisons: Readonly<Record<TakenHome, Comparison>>,
): string {
  const cells = takenHome.map((pattern) => cellOf(comparisons[pattern]))
  const noticed = mistakes.map(({ pattern, what, noticedBy }) => `${pattern}, ${what}: \`${noticedBy}\``)
  return line([name, libraries, ...cells, noticed.join('; ')])
}

/**
 * The table of all languages.
 * @param rows those that were measured
 * @param before the table as it stands, for the rows of the others
 */
export function tableOf(
  languages: readonly Language[],
  rows: ReadonlyMap<string, string>,
  before: string,
): string {
  const kept = before.split('\n')
  const lines = languages.flatMap(
    ({ name }) => rows.get(name) ?? kept.find((each) => each.startsWith(`| ${name} |`)) ?? [],
  )
  return [line(head), line(head.map(() => '---')), ...lines].join('\n')
}

function cellOf({ cells, attacks, blocked, differences }: Comparison): string {
  if (differences.length > 0) return `${differences.length} differ`
  return `same: ${cells} honest cells, ${blocked} of ${attacks} attacks blocked`
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
