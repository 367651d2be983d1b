import { type Cost, type Costs, readCosts } from '../bench/cost.ts'
import { shortNameOf } from '../comparison/short-name.ts'
import type { Declaration } from '../declarations/declaration.ts'
import { declaredOutcome } from '../declarations/declared-outcome.ts'
import { loadDeclaration } from '../declarations/load-declarations.ts'
import { patternOrder } from '../declarations/order.ts'
import { type Capability, capabilities, needs } from './capabilities.ts'
import { concerns, type Situation } from './concerns.ts'
import type { Provider } from './providers.ts'

/**
 * The measured matrix: the ladder's declarations, with which every measurement is compared, and the costs. The branches
 * are left out: they are alternatives, and this chooses a height.
 */
export interface Matrix {
  readonly rungs: readonly Rung[]
  readonly costs: Costs
}
interface Rung {
  readonly name: string
  readonly title: string
  readonly attacks: Declaration['attacks']
}

export async function readMatrix(): Promise<Matrix> {
  const names = (await patternOrder()).ladder.filter((name) => shortNameOf(name) in needs)
  const rungs = await Promise.all(
    names.map(async (name): Promise<Rung> => {
      const { title, attacks } = await loadDeclaration(name)
      return { name, title, attacks }
    }),
  )
  return { rungs, costs: await readCosts() }
}

/** A pattern for a situation, and what the measurements say about it. */
export interface Advice {
  /** `p06`. */
  readonly rung: string
  readonly title: string
  /** Attacks that matter in the situation, by concern. */
  readonly concerns: readonly {
    readonly title: string
    readonly open: readonly OpenAttack[]
    readonly closed: readonly string[]
  }[]
  /** Attacks that succeed too and matter less in the situation. */
  readonly alsoOpen: readonly string[]
  readonly cost: Cost & { readonly withoutAuth: number; readonly date: string; readonly machine: string }
  /** The wishes to whoever runs the identity provider. */
  readonly ask: readonly string[]
  readonly remarks: readonly string[]
}
interface OpenAttack {
  readonly id: string
  /** The pattern that stops it; absent: none does. */
  readonly stoppedBy?: string
}

/**
 * Chooses the highest pattern that the provider carries, and from there the lowest one that leaves no attack open that
 * matters and that the highest stops.
 */
export function choose(provider: Provider, situation: Situation, { rungs, costs }: Matrix): Advice {
  const cost = ({ name }: Rung): Cost => costs.patterns[name] ?? { cpu: Number.NaN, idpRequests: Number.NaN }
  const succeeds = (rung: Rung, id: string) => declaredOutcome(rung, id) === 'succeeds'
  const mattering = concerns.filter(({ matters }) => matters(situation))
  const openOn = (rung: Rung) =>
    mattering.flatMap(({ attacks }) => attacks).filter((id) => succeeds(rung, id))

  const lowest = (carried: readonly Rung[]) => {
    const highest = carried.at(-1) as Rung
    const open = openOn(highest)
    return carried.find((rung) => openOn(rung).every((id) => open.includes(id))) ?? highest
  }
  const carried = rungs.filter((rung) => missing(rung, provider).length === 0)
  const fast = carried.filter((rung) => situation.latency === 'any' || cost(rung).idpRequests === 0)
  const chosen = lowest(fast)
  const stopperOf = (id: string) => {
    const stopper = rungs.find((rung, at) => at > rungs.indexOf(chosen) && !succeeds(rung, id))
    return stopper ? { id, stoppedBy: shortNameOf(stopper.name) } : { id }
  }

  const [first] = rungs
  return {
    rung: shortNameOf(chosen.name),
    title: chosen.title,
    concerns: mattering.map(({ title, attacks }) => ({
      title,
      open: attacks.filter((id) => succeeds(chosen, id)).map(stopperOf),
      closed: attacks.filter((id) => declaredOutcome(chosen, id) === 'blocked'),
    })),
    alsoOpen: concerns
      .filter((concern) => !mattering.includes(concern))
      .flatMap(({ attacks }) => attacks.filter((id) => succeeds(chosen, id))),
    cost: {
      ...cost(chosen),
      withoutAuth: first ? cost(first).cpu : Number.NaN,
      date: costs.date,
      machine: costs.machine,
    },
    ask: asked(chosen, provider),
    remarks: [
      ...remarksOn(chosen, provider, situation),
      ...beyond(rungs, chosen, lowest(carried), provider),
      ...(provider.remark ? [provider.remark] : []),
    ],
  }
}

function missing({ name }: Rung, { can }: Provider): Capability[] {
  return (needs[shortNameOf(name)] ?? []).filter((need) => !['yes', 'own'].includes(can[need][0]))
}

function asked({ name }: Rung, { can }: Provider): string[] {
  return (needs[shortNameOf(name)] ?? []).map((need) => `${capabilities[need].ask}: ${can[need][1]}`)
}

/** Says why not a higher pattern. */
function beyond(rungs: readonly Rung[], chosen: Rung, withoutHurry: Rung, provider: Provider): string[] {
  const next = rungs[rungs.indexOf(chosen) + 1]
  const lacks = next ? missing(next, provider) : []
  const names = lacks.map(
    (need) => `${capabilities[need].name} (${provider.can[need][0]}: ${provider.can[need][1]})`,
  )
  return [
    ...(next && lacks.length > 0
      ? [`For ${shortNameOf(next.name)} you would need ${names.join(' and ')}.`]
      : []),
    ...(provider.can.dpop[0] === 'yes' && lacks.includes('act')
      ? [
          'DPoP is there: a pattern of your own may bind what this one sends. No rung measures that: pnpm run new mine --from p06, then pnpm run attack ./mine.',
        ]
      : []),
    ...(withoutHurry !== chosen
      ? [
          `${shortNameOf(withoutHurry.name)} would stop more, and asks the IdP in each call. Keeping its tokens saves that and reopens after-logout and suspended-in-mid-run (measured: the flawed pattern keeps-tokens).`,
        ]
      : []),
  ]
}

function remarksOn(chosen: Rung, { can }: Provider, { caller, effect }: Situation): string[] {
  const own = (needs[shortNameOf(chosen.name)] ?? []).filter((need) => can[need][0] === 'own')
  return [
    ...(own.length > 0
      ? [
          `Your provider has ${own.map((need) => capabilities[need].name).join(' and ')} in a form of its own: try the attacks on yours.`,
        ]
      : []),
    ...(effect === 'read'
      ? []
      : [
          'No rung shows that the user meant it. Have the user approve what matters: the branch p09 asks her about each sensitive action (pnpm run diff p08 p09). And give the agent few tools.',
        ]),
    ...(caller === 'unattended'
      ? [
          'The ladder measures agents that act for a user who signed in. A job that acts for nobody is measured by the branch p12: pnpm run diff p02 p12.',
        ]
      : []),
    ...(caller === 'agents'
      ? [
          'The ladder measures one agent and one MCP server; a chain of agents, each of which passes the work on, is not measured.',
        ]
      : []),
  ]
}
