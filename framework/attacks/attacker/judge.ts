import type { Hop } from '../../trace/recorder/hop.ts'
import type { Evidence, Verdict } from './attack.ts'
import { changesOf, type Effect } from './effect.ts'

/** An attack that tries hundreds of strings shows what was served, and the last of the others: they are all alike. */
const shownAtMost = 20

/** The finding of an attack: what the judge makes a verdict of. */
export interface Judged {
  /** True if the attacker got what the attack is after. */
  readonly succeeded: boolean
  /** The reason of a success: the gain of the attacker. */
  readonly how: string
  /**
   * The reason of a block where nobody refused anything: for attacks on attribution, where the action may happen as
   * long as the records tell the truth about it.
   */
  readonly otherwise?: string | undefined
}

/**
 * Judges an action by its effect.
 * @throws where it did not succeed and nobody stopped it either: a broken part, or a request that was never fit to
 *   succeed, proves nothing about a defence
 */
export function judge(effect: Effect, { succeeded, how, otherwise }: Judged): Verdict {
  const evidence = evidenceOf(effect)
  if (succeeded) return { outcome: 'succeeds', reason: how, evidence }
  const flaw = flawIn(effect)
  if (flaw) throw new Error(`could not be carried out: ${flaw}`)
  const reason = otherwise ?? refusalIn(effect)
  if (!reason) throw new Error('could not be carried out: nothing came of it, and nobody refused it')
  return { outcome: 'blocked', reason, evidence }
}

/** The evidence that a reader is shown. */
export function evidenceOf(effect: Effect): Evidence {
  return {
    sent: telling(effect.sent.filter(isAction), (hop) => statusOf(hop) < 400),
    records: telling(effect.records, ({ decision }) => decision === 'allow'),
    changes: changesOf(effect),
  }
}

function telling<T>(all: readonly T[], wasServed: (each: T) => boolean): T[] {
  const served = all.filter(wasServed).slice(-shownAtMost)
  const others = all.filter((each) => !wasServed(each)).slice(served.length - shownAtMost)
  const shown = new Set(served.length === shownAtMost ? served : [...served, ...others])
  return all.filter((each) => shown.has(each))
}

/** Looking up the IdP's metadata and keys is what everybody may do. */
function isAction({ to, method }: Hop): boolean {
  return to !== 'idp' || method !== 'GET'
}

/** An outage, or an answer that has nothing to do with who asks. */
function flawIn({ records, sent }: Effect): string | undefined {
  const outage = records.find(({ decision, status }) => decision === 'error' || status >= 500)
  if (outage) return `${outage.service} failed: ${outage.reason}`
  // What a victim's agent sends is the model's choice: a call that fits no tool is one of its answers.
  const unfit = sent.find((hop) => hop.from === 'attacker' && isUnfit(statusOf(hop), hop))
  return unfit && `${unfit.to} answered ${statusOf(unfit)} to ${unfit.method} ${unfit.url}`
}

function isUnfit(status: number, { to }: Hop): boolean {
  if (status >= 500) return true
  // The token endpoint says every refusal as a 400 (RFC 6749 section 5.2).
  return to !== 'idp' && status >= 400 && status !== 401 && status !== 403
}

/** The MCP server puts the status of a failed tool call into its result; HTTP alone says 200. */
export function statusOf({ to, response }: Hop): number {
  if (to !== 'mcp-server' || response.status !== 200) return response.status
  const [, status] = /"structuredContent":\{"status":(\d{3})/.exec(response.body) ?? []
  return status ? Number(status) : response.status
}

function refusalIn({ records, sent }: Effect): string | undefined {
  const refusal = records.findLast(({ decision }) => decision === 'deny')
  if (refusal) return refusal.reason
  // An IdP outside of this process writes its records elsewhere: its answer has to do.
  const refused = sent.findLast(({ to, response }) => to === 'idp' && response.status >= 400)
  return refused && `the IdP refused it: ${refused.response.body.slice(0, 200)}`
}
