import type { ServiceToken, ToolCall } from '@lab/contract'

/**
 * Keeps tokens from call to call, each for one caller, service, scope and key. A token is used until a service refuses
 * it, and is then got anew, once: when it ends is the IdP's to know, and a revoked one ends before its time. Until a
 * service refuses it, a kept token outlives its session: by as long as the IdP lets it live.
 */
export class TokenCache {
  readonly #tokens = new Map<string, { readonly token: Promise<ServiceToken>; readonly for: ToolCall }>()
  readonly #capacity: number

  /** @param capacity how many tokens are kept; then the one goes that was got first */
  constructor(capacity = 1_000) {
    this.#capacity = capacity
  }

  /**
   * The token for a call: the kept one, or the one that `obtain` gets. Calls at the same time share one request.
   * @param target.jkt thumbprint of the key that the token is bound to, where it is bound to one
   * @throws what `obtain` throws; nothing is kept then
   */
  async tokenFor(
    call: ToolCall,
    target: { readonly audience: string; readonly scope: readonly string[]; readonly jkt?: string },
    obtain: () => Promise<ServiceToken>,
  ): Promise<ServiceToken> {
    const key = JSON.stringify([callerOf(call), target.audience, target.scope, target.jkt ?? ''])
    // The framework calls again with the service's challenge: what was sent the first time did not hold.
    if (call.challenge) this.#tokens.delete(key)
    const kept = this.#tokens.get(key)
    if (kept) {
      return kept.token.catch((error: unknown) => {
        // The caller for whom it was asked has left, which ends that request and nobody else's call.
        if (kept.for.signal?.aborted && !call.signal?.aborted) return this.tokenFor(call, target, obtain)
        throw error
      })
    }
    const obtaining = { token: obtain(), for: call }
    this.#tokens.set(key, obtaining)
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= this.#capacity) break
      this.#tokens.delete(oldest)
    }
    try {
      return await obtaining.token
    } catch (error) {
      if (this.#tokens.get(key) === obtaining) this.#tokens.delete(key)
      throw error
    }
  }
}

/** The subject token's id: never its user alone, or a session that has ended would go on in the next one's tokens. */
function callerOf({ session }: ToolCall): string {
  if (!session) return 'the agent itself'
  const { jti } = session.claims
  if (!jti) throw new TypeError('a session without a jti cannot be told from another')
  return `session ${jti}`
}
