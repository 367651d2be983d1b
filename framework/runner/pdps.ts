import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { AuthError, type Pdp, traceIdOf } from '@lab/contract'
import { checkOpa } from '../parties/pdp/opa-check.ts'
import { opaServerPdp } from '../parties/pdp/opa-server-pdp.ts'
import { policyFolder, revisionOf } from '../parties/pdp/policy-record.ts'
import { openWasmPdp, type WasmPolicy } from '../parties/pdp/wasm-pdp.ts'
import { type AuditEvent, type AuditSink, eventsOfDecision } from '../trace/audit/event.ts'
import type { Party } from '../trace/recorder/hop.ts'
import type { Recorder } from '../trace/recorder/recorder.ts'

/** Gives each party its own way to the policy, recorded in its name. */
export type PdpAs = (party: Party) => Pdp

/** A policy other than the one of `opa/`, or that one with the facts of another realm. */
export interface OwnPolicy extends WasmPolicy {
  /** The revision that an OPA server names for it. */
  readonly revision: string
}

/**
 * Opens the policy decision point: the policy in this process, or an OPA server.
 * @param opaUrl base URL of the server; without it the policy as WebAssembly
 * @param sink is told of what the WebAssembly decides; a server has a decision log of its own
 * @param own default: the policy of `opa/`
 * @throws {UserError} where the policy of `opa/` cannot be read, or the server does not serve it
 */
export async function openPdp(
  recorder: Recorder,
  opaUrl: string | undefined,
  sink: AuditSink | undefined,
  own?: OwnPolicy,
): Promise<PdpAs> {
  if (opaUrl === undefined) {
    const wasm = await openWasmPdp(own)
    return (party) => recorded(wasm, recorder, party, sink)
  }
  recorder.register('pdp', opaUrl)
  const revision = own?.revision ?? revisionOf(policyFolder)
  await checkOpa({ url: opaUrl, revision, fetch })
  return (party) => opaServerPdp({ url: opaUrl, revision, fetch: recorder.fetchAs(party) })
}

/** Notes the wasm's decisions as hops, although they cross no wire. */
function recorded(pdp: Pdp, recorder: Recorder, from: Party, sink: AuditSink | undefined): Pdp {
  return {
    async decide(policy, input, traceparent, signal) {
      const trace = traceIdOf(traceparent ?? '')
      // It decides at once; a server would not. What a pattern keeps between two awaits is to be as wrong here as there.
      await Promise.all([yieldToOthers(), recorder.passes({ trace, from, to: 'pdp' })])
      const started = performance.now()
      const decisions = await pdp.decide(policy, input, traceparent, signal)
      const duration = performance.now() - started
      recorder.note(
        { trace, from, to: 'pdp', method: 'EVAL', url: `agentauth/${policy}/decisions`, started, duration },
        input,
        decisions,
      )
      const time = new Date().toISOString()
      for (const event of eventsOfDecision({ time, trace }, policy, input, decisions)) tell(sink, event)
      return decisions
    },
  }
}

/** @throws {AuthError} `audit_unavailable`: a decision that nobody can read about later does not count */
function tell(sink: AuditSink | undefined, event: AuditEvent): void {
  try {
    sink?.(event)
  } catch (cause) {
    throw new AuthError('audit_unavailable', 'this cannot be recorded, so nothing was done', { cause })
  }
}
