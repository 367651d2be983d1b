import type { Check } from './check.ts'
import { checkGroups } from './checks/index.ts'
import type { Probe } from './probe.ts'
import type { ProbeResult } from './result.ts'
import type { Sent } from './sender.ts'

/** A check with its result, and what was sent for it. */
export interface Probed extends ProbeResult {
  readonly check: Check
  readonly group: string
  readonly sent: readonly Sent[]
}

/**
 * Runs checks one after another, in their fixed order: some of them change what the server remembers.
 * @param only ids; default: all
 * @param onResult is called after each
 */
export async function runProbe(
  probe: Probe,
  only?: readonly string[],
  onResult: (result: Probed) => void = () => {},
): Promise<Probed[]> {
  const results: Probed[] = []
  for (const { title, checks } of checkGroups) {
    for (const check of checks) {
      if (only && !only.includes(check.id)) continue
      const result = await outcomeOf(check, probe)
      const probed = { check, group: title, ...result, sent: probe.sender.taken() }
      results.push(probed)
      onResult(probed)
    }
  }
  return results
}

/** A check that could not be carried out is an error: it says nothing about the server, and never that it held. */
async function outcomeOf(check: Check, probe: Probe): Promise<ProbeResult> {
  try {
    return await check.run(probe)
  } catch (error) {
    return { outcome: 'error', reason: error instanceof Error ? error.message : String(error) }
  }
}
