import { AuthError, type PolicyDecision, type PolicyInput } from '@lab/contract'
import { z } from 'zod'

const decisions = z.array(z.object({ allow: z.boolean(), reason: z.string(), rule: z.string() }))

/**
 * Takes an answer of the policy only where it is one decision for each resource.
 * @throws {AuthError} `pdp_unavailable` for anything else: what cannot be read is never an allow
 */
export function decisionsOf(answer: unknown, input: PolicyInput): readonly PolicyDecision[] {
  const parsed = decisions.safeParse(answer)
  if (!parsed.success || parsed.data.length !== input.resources.length) {
    throw new AuthError('pdp_unavailable', 'the policy did not give one decision for each resource')
  }
  return parsed.data
}
