import {
  type AuditRecord,
  AuthError,
  type Identity,
  type Pdp,
  type PolicyDecision,
  type PolicyName,
  policyInput,
  type Resource,
  type Scope,
} from '@lab/contract'
import { decideByRoles } from './roles.ts'

/** The decision on each resource, in order, and the party that decided. */
export interface Authorization {
  readonly decidedBy: AuditRecord['decidedBy']
  readonly decisions: readonly PolicyDecision[]
}

/**
 * Decides whether the identity may act on each of the resources. Who decides is the identity's `policy`, so
 * that it stands in the pattern's own file.
 * @param options.traceparent goes along to a PDP that is asked over HTTP
 * @param options.signal ends the question where the caller has left
 * @throws {AuthError} `access_denied` for an identity without a policy, `pdp_unavailable` without an answer
 */
export async function authorize(
  identity: Identity,
  action: Scope,
  resources: readonly Resource[],
  options: { readonly pdp: Pdp; readonly traceparent: string; readonly signal?: AbortSignal },
): Promise<Authorization> {
  switch (identity.policy) {
    case 'nobody':
      return { decidedBy: 'nobody', decisions: resources.map(() => unchecked) }
    case 'any-caller':
      return { decidedBy: 'service', decisions: resources.map(() => anyCaller(identity)) }
    case 'roles': {
      const subject = { user: identity.userId, roles: identity.roles ?? [] }
      const decisions = resources.map((resource) => decideByRoles(subject, action, resource))
      return { decidedBy: 'service', decisions }
    }
    case 'opa/scope':
    case 'opa/relationships':
    case 'opa/agents': {
      const policy = opaPolicies[identity.policy]
      const input = policyInput(identity, action, resources)
      const decisions = await options.pdp.decide(policy, input, options.traceparent, options.signal)
      if (decisions.length !== resources.length) {
        throw new AuthError('pdp_unavailable', 'the policy did not give one decision for each resource')
      }
      return { decidedBy: 'opa', decisions }
    }
    default:
      // Patterns are loaded at run time, so the types alone do not keep this from happening.
      throw new AuthError('access_denied', 'the identity carries no policy that says who decides')
  }
}

const opaPolicies = {
  'opa/scope': 'scope',
  'opa/relationships': 'relationships',
  'opa/agents': 'agents',
} as const satisfies Partial<Record<Identity['policy'], PolicyName>>

const unchecked: PolicyDecision = { allow: true, rule: 'nobody', reason: 'nobody decides here' }

function anyCaller({ client }: Identity): PolicyDecision {
  return client
    ? { allow: true, rule: 'any-caller', reason: `client ${client} has a key, and any key will do` }
    : { allow: false, rule: 'any-caller', reason: 'the identity names no client' }
}
