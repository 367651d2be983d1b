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
import { declaredNames, loadDeclaration } from '../declarations/load-declarations.ts'

/** The generated parts of docs/owasp.md, by the name of the marker. */
export const catalogueParts = [
  'owasp:attacks',
  'owasp:agentic',
  'owasp:mcp',
  'owasp:cwe',
  'owasp:aisvs',
] as const

/** A pattern of the ladder and its declaration, in the order of the ladder. */
export type Rung = readonly [name: string, declaration: Pick<Declaration, 'attacks'>]

/** The tables of docs/owasp.md: from what each attack is filed under, and from the declarations. */
export async function catalogueTables(): Promise<Map<(typeof catalogueParts)[number], string>> {
  const rungs = await Promise.all(
    (await declaredNames()).map(async (name): Promise<Rung> => [name, await loadDeclaration(name)]),
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

/** The pattern that stops an attack: the first one from which on it succeeds on none. */
export function stoppedAt(id: string, rungs: readonly Rung[]): string {
  const last = rungs.findLastIndex(([, declaration]) => declaredOutcome(declaration, id) === 'succeeds')
  if (last < 0) return alwaysBlocked
  const next = rungs[last + 1]
  return next ? shortNameOf(next[0]) : open
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
  const order = [alwaysBlocked, ...patterns, open]
  return [...groups]
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
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
