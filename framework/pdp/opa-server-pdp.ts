import { AuthError, type Pdp } from '@lab/contract'
import { decisionsOf } from './decisions.ts'

/** How long an OPA server may take to answer, in ms. */
const timeout = 2_000

/**
 * An OPA server that serves the policy of `opa/` (REST API, `POST /v1/data/{path}`).
 * @param url base URL of the server
 */
export function opaServerPdp(url: string, fetch: typeof globalThis.fetch): Pdp {
  return {
    async decide(name, input, traceparent) {
      const answer = await ask(
        `${url.replace(/\/$/, '')}/v1/data/agentauth/${name}/decisions`,
        input,
        traceparent,
      )
      return decisionsOf(answer, input)
    },
  }

  async function ask(target: string, input: unknown, traceparent?: string): Promise<unknown> {
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(traceparent && { traceparent }) },
        body: JSON.stringify({ input }),
        signal: AbortSignal.timeout(timeout),
      })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      return ((await response.json()) as { result?: unknown }).result
    } catch (error) {
      throw new AuthError('pdp_unavailable', 'the OPA server gives no answer', { cause: error })
    }
  }
}
