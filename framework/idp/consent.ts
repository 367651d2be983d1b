import { isVisiting } from './visiting-client.ts'

export const consentPath = '/consent/'

/** Who is asked for what, before a client gets it. */
export class ConsentRules {
  readonly #scopes: ReadonlySet<string>

  /** @param scopes that no client gets unasked */
  constructor(scopes: readonly string[] = []) {
    this.#scopes = new Set(scopes)
  }

  /** The realm's clients are the company's own and ask for little; of a client that nobody registered all is asked. */
  needed(clientId: string, scope: string): boolean {
    return isVisiting(clientId) || this.#scopes.has(scope)
  }
}
