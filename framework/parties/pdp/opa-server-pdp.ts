import { AuthError, boundedFetch, type Pdp } from '@lab/contract'
import { z } from 'zod'
import { decisionsOf } from './decisions.ts'

/** The time that an OPA server has for its whole answer, in ms. */
const timeout = 2_000

/** The parts of an answer that count (OPA REST API, `POST /v1/data/{path}?provenance=true`). */
const Answer = z.object({
  result: z.unknown().optional(),
  provenance: z.object({ bundles: z.record(z.string(), z.object({ revision: z.string() })).default({}) }),
})

/**
 * An OPA server that serves the policy of `opa/`. Each answer names the revision of the policy that gave it, and
 * only the expected one counts: an older policy may allow what this one refuses.
 * @param options.url base URL of the server
 * @param options.revision what `opa/.manifest` says
 */
export function opaServerPdp(options: {
  readonly url: string
  readonly revision: string
  readonly fetch: typeof fetch
}): Pdp {
  const { url, revision } = options
  const fetch = boundedFetch(options.fetch, { timeout })
  return {
    async decide(name, input, traceparent, signal) {
      const target = `${url.replace(/\/$/, '')}/v1/data/agentauth/${name}/decisions?provenance=true`
      const { result, provenance } = await ask(target, { input }, { traceparent, signal })
      const served = Object.values(provenance.bundles).map((bundle) => bundle.revision)
      if (!served.includes(revision)) throw new AuthError('pdp_unavailable', stale(served, revision))
      return decisionsOf(result, input)
    },
  }

  async function ask(
    target: string,
    question: object,
    {
      traceparent,
      signal,
    }: { readonly traceparent: string | undefined; readonly signal: AbortSignal | undefined },
  ) {
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(traceparent && { traceparent }) },
        body: JSON.stringify(question),
        ...(signal && { signal }),
      })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      return Answer.parse(await response.json())
    } catch (error) {
      throw new AuthError('pdp_unavailable', 'the OPA server gives no answer', { cause: error })
    }
  }
}

function stale(served: readonly string[], revision: string): string {
  const short = (digest: string) => digest.slice(0, 12)
  const has =
    served.length > 0 ? `policy ${served.map(short).join(', ')}` : 'no policy bundle with a revision'
  return `the OPA server has ${has}, not ${short(revision)}: restart it with the policy of opa/`
}
