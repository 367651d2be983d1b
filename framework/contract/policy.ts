import type { Identity } from './identity.ts'
import type { Role, Scope } from './tools.ts'

/** The four questions that the Rego in `opa/` answers. */
export type PolicyName = 'gate' | 'scope' | 'relationships' | 'agents'

/** A thing that an action touches, with the attributes that decisions depend on. */
export type Resource =
  | { readonly type: 'tool'; readonly id: string }
  | { readonly type: 'expense'; readonly id: string; readonly owner: string }
  | { readonly type: 'document'; readonly id: string; readonly group: string }
  | { readonly type: 'user'; readonly id: string }

export interface PolicyInput {
  readonly subject: { readonly user: string; readonly roles: readonly Role[] }
  readonly client?: string
  readonly actors: readonly string[]
  readonly scopes: readonly string[]
  readonly action: Scope
  readonly resources: readonly Resource[]
}

export interface PolicyDecision {
  readonly allow: boolean
  readonly reason: string
  /** The rule that gave the decision, such as `relationships/own_expense`. */
  readonly rule: string
}

/** The policy decision point: Rego in WebAssembly in this process, or an OPA server. */
export interface Pdp {
  /**
   * Decides for each resource, in order.
   * @param signal ends the question: nobody waits for the answer any more
   * @throws {AuthError} `pdp_unavailable` where there is no answer, or not one decision for each resource
   */
  decide(
    policy: PolicyName,
    input: PolicyInput,
    traceparent?: string,
    signal?: AbortSignal,
  ): Promise<readonly PolicyDecision[]>
}

/** The policy's input about an identity. An identity without a user is nobody and holds nothing. */
export function policyInput(identity: Identity, action: Scope, resources: readonly Resource[]): PolicyInput {
  return {
    subject: { user: identity.userId ?? '', roles: identity.roles ?? [] },
    ...(identity.client && { client: identity.client }),
    actors: identity.actors ?? [],
    scopes: identity.scopes ?? [],
    action,
    resources,
  }
}
