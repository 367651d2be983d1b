import type { Signer } from '@lab/contract'

/**
 * The newest DPoP nonce of each service. A service that asks for one gives the next with any answer (RFC 9449
 * section 8.2): a proof that carries it is accepted at once, and is not challenged first.
 */
export class ServiceNonces {
  readonly #newest = new Map<string, string>()

  /** The fetch that requests to services are sent by: it hears what they give. */
  heardBy(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      const response = await fetch(input, init)
      const nonce = response.headers.get('dpop-nonce')
      if (nonce) this.#newest.set(originOf(input instanceof Request ? input.url : input), nonce)
      return response
    }
  }

  /** The signer of the patterns: where a proof is for a service and names no nonce, it gets the newest. */
  addedBy(signer: Signer): Signer {
    return {
      signRequest: (request, credentials) => signer.signRequest(request, credentials),
      proof: ({ nonce, ...request }) => {
        const newest = nonce ?? this.#newest.get(originOf(request.htu))
        return signer.proof({ ...request, ...(newest !== undefined && { nonce: newest }) })
      },
    }
  }
}

function originOf(url: string | URL): string {
  return new URL(url).origin
}
