import { equivalent } from './equivalent.ts'

/** The fate of one mutant. */
export interface Judged {
  readonly name: string
  readonly line: number
  /** The attack or test; none for a survivor. */
  readonly noticedBy?: string
  /** The reason why it changes nothing, if that is known. */
  readonly equivalent?: string
}

export interface Scored {
  readonly title: string
  readonly judges: string
  readonly judged: readonly Judged[]
}

/** True if either a test noticed the mutant, or the list says why none can. */
export function isAsListed({ noticedBy, equivalent }: Judged): boolean {
  return (noticedBy === undefined) === (equivalent !== undefined)
}

/** The mutants that no test noticed and nothing excuses. */
export function survivorsOf(scored: readonly Scored[]): Judged[] {
  return scored.flatMap(({ judged }) => judged).filter((each) => !each.noticedBy && !each.equivalent)
}

/** Names in the list of equivalents that are noticed by now, or of code that is gone. */
export function unknownNames(scored: readonly Scored[]): string[] {
  const survived = new Set(
    scored.flatMap(({ judged }) => judged.filter(({ noticedBy }) => !noticedBy)).map(({ name }) => name),
  )
  return Object.keys(equivalent).filter((name) => !survived.has(name))
}

/** The score as a Markdown table. Equivalent mutants do not count. */
export function scoreTable(scored: readonly Scored[]): string {
  const rows = scored.map(({ title, judges, judged }) => row(title, judges, judged))
  const total = row(
    '**All**',
    '',
    scored.flatMap(({ judged }) => judged),
  )
  return [
    '| Checks of | Who has to notice | Mutants | Noticed | Equivalent | Score |',
    '|---|---|--:|--:|--:|--:|',
    ...rows,
    total,
  ].join('\n')
}

function row(title: string, judges: string, judged: readonly Judged[]): string {
  const noticed = judged.filter(({ noticedBy }) => noticedBy).length
  const excused = judged.filter((each) => !each.noticedBy && each.equivalent).length
  const score = (100 * noticed) / (judged.length - excused)
  return `| ${[title, judges, judged.length, noticed, excused, `${score.toFixed(1)} %`].join(' | ')} |`
}
