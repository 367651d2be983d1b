import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { patternOrder } from '../declarations/order.ts'

/** The cost of a tool call on one pattern. */
export interface Cost {
  /** Processor time of all parts together, in ms. */
  readonly cpu: number
  /** Requests that the call sent to the IdP, beside those of the sign-in. */
  readonly idpRequests: number
}

/** The costs of the ladder, and of which run they are. */
export interface Costs {
  /** `2026-11-28`. */
  readonly date: string
  readonly machine: string
  /** By the folder name of the pattern. */
  readonly patterns: Readonly<Record<string, Cost>>
}

const file = fileURLToPath(new URL('cost.json', import.meta.url))

/** Processor time is counted, which a busy machine changes little; of a few rounds the lowest is taken. */
const [warmUp, rounds, calls] = [30, 5, 60]

/** Measures what a tool call costs on each pattern, and keeps it in `cost.json`. */
export async function writeCosts(onProgress: (text: string) => void): Promise<Costs> {
  const patterns: Record<string, Cost> = {}
  for (const name of (await patternOrder()).names) {
    onProgress(`cost of a call on ${name}`)
    patterns[name] = await costOf(name)
  }
  const [{ model = 'unknown processor' } = {}, ...others] = cpus()
  const costs: Costs = {
    date: new Date().toISOString().slice(0, 'yyyy-mm-dd'.length),
    machine: `${model.trim()}, ${others.length + 1} cores, Node ${process.versions.node}`,
    patterns,
  }
  await writeFile(file, `${JSON.stringify(costs, null, 2)}\n`)
  return costs
}

/** The costs that a run of `pnpm run bench --write` kept. */
export async function readCosts(): Promise<Costs> {
  return JSON.parse(await readFile(file, 'utf8'))
}

async function costOf(name: string): Promise<Cost> {
  const runner = await new PatternRunner(name).start()
  const call = () => runner.runAs('alice', 'What are my expenses?')
  try {
    for (let at = 0; at < warmUp; at++) await call()
    const perCall: number[] = []
    for (let round = 0; round < rounds; round++) {
      const before = process.cpuUsage()
      for (let at = 0; at < calls; at++) await call()
      const { user, system } = process.cpuUsage(before)
      perCall.push((user + system) / 1000 / calls)
    }
    const { hops } = await call()
    return {
      cpu: Number(Math.min(...perCall).toFixed(1)),
      idpRequests: hops.filter(({ to }) => to === 'idp').length,
    }
  } finally {
    await runner.stop()
  }
}
