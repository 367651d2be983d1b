import type { Check } from './check.ts'
import { checkGroups } from './checks/index.ts'
import type { Probe } from './probe.ts'
import type { ProbeResult } from './result.ts'
import { NoAnswer, type Sent } from './sender.ts'

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
 * @returns of a server that is not steady no property, but only what somebody got
 */
export async function runProbe(
  probe: Probe,
  only?: readonly string[],
  onResult: (result: Probed) => void = () => {},
): Promise<Probed[]> {
  const results: Probed[] = []
  let silences = 0
  for (const { title, checks } of checkGroups) {
    for (const check of checks) {
      if (only && !only.includes(check.id)) continue
      const { silent, ...result } = silences < patience ? await outcomeOf(check, probe) : gone
      silences = silent ? silences + 1 : 0
      const probed = { check, group: title, ...result, sent: probe.sender.taken() }
      results.push(probed)
      onResult(probed)
    }
  }
  return probe.isUnsteady ? results.map(ofUnsteady) : results
}

/** Of a server that answers at random only what somebody got counts: a refusal or a status may be chance. */
function ofUnsteady(result: Probed): Probed {
  const { outcome, byStatus, reason } = result
  if (outcome !== 'held' && !byStatus) return result
  return { ...result, outcome: 'error', reason: `${unsteady}, so this means nothing: ${reason}` }
}

/** The reason why nothing can be said of a server, in one clause. */
export const unsteady = 'the honest call is served at one time and not at another'

/** After so many checks in a row without an answer the rest is not waited for. */
const patience = 3

interface Judged extends ProbeResult {
  /** True where the server gave no answer. */
  readonly silent?: boolean
}

const gone: Judged = { outcome: 'error', reason: 'the server gives no answer any more', silent: true }

/** A check that could not be carried out is an error: it says nothing about the server, and never that it held. */
async function outcomeOf(check: Check, probe: Probe): Promise<Judged> {
  try {
    return await check.run(probe)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { outcome: 'error', reason, silent: error instanceof NoAnswer }
  }
}
