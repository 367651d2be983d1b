/** A way to another token in place of one that was refused. */
export interface Renewable {
  /** @returns undefined where there is none: the refusal then stands */
  renewed(refused: string): Promise<string | undefined>
}

/**
 * Sends a request to the MCP server once more where its token was refused (401) and another one can be had. It is done
 * here, because only here it is known which token a request carried: of calls that are refused at the same time the
 * first renews the session, and the others find it renewed. A second refusal is final.
 */
export function renewing(
  fetch: typeof globalThis.fetch,
  mcpUrl: string,
  authorization: Partial<Renewable> | undefined,
): typeof globalThis.fetch {
  if (!authorization?.renewed) return fetch
  const { origin } = new URL(mcpUrl)
  return async (input, init) => {
    const response = await fetch(input, init)
    const headers = new Headers(init?.headers)
    const [, refused] = headers.get('authorization')?.match(/^Bearer (.+)$/) ?? []
    // A redirect to somewhere else: that server has no say in this session.
    const ours = new URL(input instanceof Request ? input.url : input).origin === origin
    if (response.status !== 401 || !refused || !ours) return response
    const token = await authorization.renewed?.(refused)
    if (token === undefined) return response
    await response.body?.cancel()
    headers.set('authorization', `Bearer ${token}`)
    return fetch(input, { ...init, headers })
  }
}
