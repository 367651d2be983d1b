import type { Attack } from '../../attacks/attacker/attack.ts'
import {
  aisvsChapters,
  aisvsTopics,
  cweTitles,
  owaspTitles,
  owaspWithoutAttack,
} from '../../attacks/attacker/catalogues.ts'
import { attackGroups, attacks } from '../../attacks/index.ts'
import { shortNameOf } from '../comparison/short-name.ts'
import type { Declaration } from '../declarations/declaration.ts'
import { declaredOutcome } from '../declarations/declared-outcome.ts'
import { loadDeclaration } from '../declarations/load-declarations.ts'
import { patternOrder } from '../declarations/order.ts'

/** The generated parts of docs/owasp.md, by the name of the marker. */
export const catalogueParts = [
  'owasp:attacks',
  'owasp:agentic',
  'owasp:mcp',
  'owasp:cwe',
  'owasp:aisvs',
] as const

/** A pattern and its declaration; without a base it is a rung, and rungs come in the order of the ladder. */
export type Rung = readonly [name: string, declaration: Pick<Declaration, 'attacks' | 'base'>]

/** The tables of docs/owasp.md: from what each attack is filed under, and from the declarations. */
export async function catalogueTables(): Promise<Map<(typeof catalogueParts)[number], string>> {
  const rungs = await Promise.all(
    (await patternOrder()).names.map(async (name): Promise<Rung> => [name, await loadDeclaration(name)]),
  )
  const titled = { ...owaspTitles, ...titlesOf(owaspWithoutAttack) }
  const owasp = (prefix: string) =>
    catalogue(
      Object.entries(titled).filter(([id]) => id.startsWith(prefix)),
      ({ owasp }) => owasp,
      rungs,
    )
  return new Map([
    ['owasp:attacks', attackTables(rungs)],
    ['owasp:agentic', owasp('ASI')],
    ['owasp:mcp', owasp('MCP')],
    ['owasp:cwe', catalogue(Object.entries(cweTitles), ({ cwe }) => cwe, rungs)],
    ['owasp:aisvs', chapters(rungs)],
  ])
}

const open = '**open**'
const alwaysBlocked = 'always blocked'

/**
 * The pattern that stops an attack: the first rung from which on it succeeds on none, and where none does, the branches
 * that block it though it succeeds on their base. An attack that only branches leave open names them.
 */
export function stoppedAt(id: string, patterns: readonly Rung[]): string {
  const outcome = ([, declaration]: Rung) => declaredOutcome(declaration, id)
  const rungs = patterns.filter(([, { base }]) => base === undefined)
  const branches = patterns.filter(([, { base }]) => base !== undefined)
  const last = rungs.findLastIndex((rung) => outcome(rung) === 'succeeds')
  if (last < 0) {
    const those = branches.filter((branch) => outcome(branch) === 'succeeds')
    return those.length > 0 ? `**open** on ${namesOf(those)}` : alwaysBlocked
  }
  const next = rungs[last + 1]
  if (next) return shortNameOf(next[0])
  const baseOf = ([, { base }]: Rung) => patterns.find(([name]) => shortNameOf(name) === base)
  const stoppers = branches.filter((branch) => {
    const base = baseOf(branch)
    return outcome(branch) === 'blocked' && base && outcome(base) === 'succeeds'
  })
  return stoppers.length > 0 ? `branch ${namesOf(stoppers)}` : open
}

function namesOf(patterns: readonly Rung[]): string {
  return patterns.map(([name]) => shortNameOf(name)).join(', ')
}

function attackTables(rungs: readonly Rung[]): string {
  return attackGroups
    .map(({ title, attacks }) =>
      [
        `| ${title} | OWASP Agentic | OWASP MCP | CWE | AISVS | stopped by |`,
        '|---|---|---|---|---|---|',
        ...attacks.map(({ id, owasp, cwe, aisvs }) => {
          const of = (prefix: string) => owasp.filter((entry) => entry.startsWith(prefix)).join(', ')
          const cells = [
            id,
            of('ASI'),
            of('MCP'),
            cwe.map(number).join(', '),
            aisvs.join(', '),
            stoppedAt(id, rungs),
          ]
          return `| ${cells.join(' | ')} |`
        }),
      ].join('\n'),
    )
    .join('\n\n')
}

function catalogue(
  entries: readonly (readonly [id: string, title: string])[],
  filedUnder: (attack: Attack) => readonly string[],
  rungs: readonly Rung[],
  head = 'title',
): string {
  const rows = entries.toSorted(byId).map(([id, title]) => {
    const those = attacks.filter((attack) => filedUnder(attack).includes(id))
    return `| ${id} | ${title} | ${those.length > 0 ? byRung(those, rungs) : `none: ${reasonOfAttack(id)}`} |`
  })
  return [`| id | ${head} | attacks, by the pattern that stops them |`, '|---|---|---|', ...rows].join('\n')
}

function chapters(rungs: readonly Rung[]): string {
  return Object.entries(aisvsChapters)
    .map(([chapter, title]) => {
      const topics = Object.entries(aisvsTopics).filter(([id]) => id.startsWith(`${chapter}.`))
      return catalogue(topics, ({ aisvs }) => aisvs, rungs, `C${chapter} ${title}`)
    })
    .join('\n\n')
}

/** `p02: anonymous-call<br>**open**: injection-within-authority`. */
function byRung(those: readonly Attack[], rungs: readonly Rung[]): string {
  const groups = new Map<string, string[]>()
  for (const { id } of those) {
    const rung = stoppedAt(id, rungs)
    groups.set(rung, [...(groups.get(rung) ?? []), id])
  }
  const patterns = rungs.map(([name]) => shortNameOf(name))
  const order = [alwaysBlocked, ...patterns]
  // What only a branch stops, or nothing does, comes last.
  const place = (rung: string) => (order.includes(rung) ? order.indexOf(rung) : order.length)
  return [...groups]
    .toSorted(([one], [other]) => place(one) - place(other) || Number(one === open) - Number(other === open))
    .map(([rung, ids]) => `${rung}: ${ids.join(', ')}`)
    .join('<br>')
}

function titlesOf(entries: typeof owaspWithoutAttack): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([id, [title]]) => [id, title]))
}

function reasonOfAttack(id: string): string {
  return id in owaspWithoutAttack ? owaspWithoutAttack[id as keyof typeof owaspWithoutAttack][1] : 'no attack'
}

function byId([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

function number(cwe: string): string {
  return cwe.slice('CWE-'.length)
}
