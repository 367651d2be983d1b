/** The things that an identity provider can do, or not, and that a pattern is built on. */
export const capabilities = {
  jwt: {
    name: 'JWT access tokens',
    ask: "access tokens that are signed JWTs, addressed to the MCP server (`aud`), and the issuer's public keys",
  },
  scopes: { name: 'custom scopes', ask: 'a scope for each kind of action, such as `expenses:read`' },
  exchange: {
    name: 'token exchange',
    ask: "token exchange (RFC 8693) for the MCP server's client and for no other, to one service and one scope a request",
  },
  act: {
    name: '`act`',
    ask: 'an `act` claim in exchanged tokens that names the agent which acts (RFC 8693 section 4.1)',
  },
  dpop: { name: 'DPoP', ask: "tokens that are bound to the MCP server's key (DPoP, RFC 9449)" },
} as const

export type Capability = keyof typeof capabilities
export const capabilityNames = Object.keys(capabilities) as Capability[]

/** `own`: the provider has it in a form of its own, which the lab does not measure. */
export type Answer = 'yes' | 'own' | 'no' | 'unknown'

/** The capabilities that each pattern of the ladder is built on, by its number. */
export const needs: Readonly<Record<string, readonly Capability[]>> = {
  p01: [],
  p02: [],
  p03: [],
  p04: [],
  p05: ['jwt'],
  p06: ['jwt', 'scopes', 'exchange'],
  p07: ['jwt', 'scopes', 'exchange', 'act'],
  p08: ['jwt', 'scopes', 'exchange', 'act', 'dpop'],
}
