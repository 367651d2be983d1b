import { adviceLines } from './advice-text.ts'
import { capabilities, capabilityNames } from './capabilities.ts'
import { choose, readMatrix } from './choose.ts'
import { callers, effects, type Situation } from './concerns.ts'
import { type Provider, type ProviderId, providerIds, providers } from './providers.ts'
import { wrapped } from './wrapped.ts'

/** The generated parts of docs/choose.md, by the name of the marker. */
export const choiceParts = [
  'choose:rungs',
  'choose:providers',
  ...providerIds.map((id) => `choose:${id}` as const),
] as const

type Part = (typeof choiceParts)[number]

/** The situation of the sections that are worked through. */
const worked: Situation = { caller: 'user', effect: 'write', latency: 'any' }

/** The generated parts of docs/choose.md: what `choose` answers. */
export async function choiceTables(): Promise<Map<Part, string>> {
  const matrix = await readMatrix()
  const rungOf = (id: ProviderId, situation: Situation) => choose(providers[id], situation, matrix).rung
  return new Map<Part, string>([
    ['choose:rungs', rungsTable(rungOf)],
    ['choose:providers', providersTable()],
    ...providerIds.map((id): [Part, string] => [`choose:${id}`, section(id, matrix)]),
  ])
}

function rungsTable(rungOf: (id: ProviderId, situation: Situation) => string): string {
  const situations = keysOf(callers).flatMap((caller) =>
    keysOf(effects).map((effect) => ({ caller, effect })),
  )
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    row(['who calls', 'effect', ...providerIds.map((id) => providers[id].name)]),
    `|---|---|${'---|'.repeat(providerIds.length)}`,
    ...situations.map(({ caller, effect }) =>
      row([caller, effect, ...providerIds.map((id) => rungOf(id, { caller, effect, latency: 'any' }))]),
    ),
    ...keysOf(effects).map((effect) =>
      row([
        'user, --latency low',
        effect,
        ...providerIds.map((id) => rungOf(id, { caller: 'user', effect, latency: 'low' })),
      ]),
    ),
  ].join('\n')
}

function providersTable(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    row(['', ...capabilityNames.map((name) => capabilities[name].name), 'says who']),
    `|${'---|'.repeat(capabilityNames.length + 2)}`,
    ...providerIds
      .filter((id) => id !== 'api-key')
      .map((id) => {
        const { name, can, sources }: Provider = providers[id]
        const links = sources.map((url, at) => `[${at + 1}](${url})`)
        return row([
          name,
          ...capabilityNames.map((each) => `**${can[each][0]}**: ${can[each][1]}`),
          [...links, '[table](providers.md)'].join(', '),
        ])
      }),
  ].join('\n')
}

function section(id: ProviderId, matrix: Awaited<ReturnType<typeof readMatrix>>): string {
  const command = `pnpm run choose --idp ${id} --caller ${worked.caller} --effect ${worked.effect} --latency ${worked.latency}`
  return [
    `\`${command}\``,
    '',
    ...adviceLines(choose(providers[id], worked, matrix)).map((line) => wrapped(line, 120)),
  ].join('\n')
}

function keysOf<T extends object>(object: T): (keyof T & string)[] {
  return Object.keys(object) as (keyof T & string)[]
}
