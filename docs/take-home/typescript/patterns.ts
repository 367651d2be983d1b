import { type Caller, tokenFrom, verifyAccessToken } from './access-token.ts'
import { verifyProof } from './dpop-proof.ts'
import { askOpa, type Decision, type Resource } from './lab.ts'
import { Refused } from './refused.ts'
import { byRoles } from './roles.ts'

const { AUDIENCE = '', PATTERN = '' } = process.env

/** The parts of a request that say who calls. */
export interface Incoming {
  readonly authorization: string | undefined
  readonly proof: string | undefined
  readonly method: string
  readonly path: string
}

export interface Pattern {
  readonly scheme: 'Bearer' | 'DPoP'
  readonly decidedBy: 'service' | 'opa'
  identify(request: Incoming): Promise<Caller>
  decide(caller: Caller, action: string, resources: readonly Resource[]): Promise<readonly Decision[]>
}

/** p05, token forwarding: the IdP's signature holds, and nobody asks whom the token was meant for. */
const p05: Pattern = {
  scheme: 'Bearer',
  decidedBy: 'service',
  identify: async ({ authorization }) => ({
    ...bearer(await verifyAccessToken(tokenFrom(authorization, 'Bearer'))),
    scopes: [],
    actors: [],
  }),
  decide: async (caller, action, resources) => resources.map((each) => byRoles(caller, action, each)),
}

/** p06, scoped token: only a token that is addressed to this service (RFC 8707), and OPA decides on role and scope. */
const p06: Pattern = {
  scheme: 'Bearer',
  decidedBy: 'opa',
  identify: async ({ authorization }) => ({ ...(await addressed(authorization)), actors: [] }),
  decide: (...asked) => askOpa('scope', ...asked),
}

/** p07, on behalf of: the acting agents go into decision and record (RFC 8693 section 4.1). */
const p07: Pattern = {
  ...p06,
  identify: ({ authorization }) => addressed(authorization),
  decide: (...asked) => askOpa('relationships', ...asked),
}

/** p08, token bound: as p07, and the sender proves to hold the token's key (RFC 9449 section 7.1). */
const p08: Pattern = {
  ...p07,
  scheme: 'DPoP',
  async identify({ authorization, ...request }) {
    const token = tokenFrom(authorization, 'DPoP')
    const caller = await verifyAccessToken(token, AUDIENCE)
    await verifyProof(request, token, caller.claims.cnf)
    return caller
  },
}

const patterns: Readonly<Record<string, Pattern>> = { p05, p06, p07, p08 }
const chosen = patterns[PATTERN]
if (!chosen) throw new Error(`PATTERN is ${Object.keys(patterns).join(', ')}, not "${PATTERN}"`)
export const pattern: Pattern = chosen

async function addressed(authorization: string | undefined): Promise<Caller> {
  return bearer(await verifyAccessToken(tokenFrom(authorization, 'Bearer'), AUDIENCE))
}

/** A token that is bound to a key is worth nothing without it (RFC 9449 section 7.1). */
function bearer(caller: Caller): Caller {
  if (caller.claims.cnf)
    throw new Refused(401, 'invalid_token', 'the token is bound to a key, and came as Bearer')
  return caller
}
