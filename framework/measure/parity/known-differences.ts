import type { Difference } from './difference.ts'

interface Known {
  /** The `where` and `aspect` that it explains, as `where: aspect`. */
  readonly matches: RegExp
  /** The only values of the real stack that it explains; default: any. */
  readonly real?: RegExp
  readonly why: string
}

/** The attacks whose control is a sensitive call that is served. */
const beginWithApproval = [
  'anonymous-call',
  'role-escalation',
  'conflict-of-interest',
  'dpop-other-call',
  'role-revoked',
  'approval-[\\w-]+',
]

/** The reasons for the known differences. A difference that none of these explains fails `pnpm run parity`. */
const known: readonly Known[] = [
  {
    matches: / attack [\w-]+: words of the refusal$/,
    why: 'The same refusal. The embedded IdP records it in the run itself; what Keycloak writes is in its own log, so the answer is quoted.',
  },
  {
    matches: new RegExp(
      `^p09-approved-action (\\w+ prompt [56]|attack (${beginWithApproval.join('|')}|injection-within-authority)|table): `,
    ),
    real: /^(denied|403|service|error|n\/a|nobody|)$|, and the IdP asks nobody: |^nobody is asked to approve|^the honest run (reached|sent) no /,
    why: 'Keycloak 26.7 has no rich authorization requests (RFC 9396), so it can ask nobody about one action. The MCP server refuses each sensitive call before it leaves: it fails closed. An attack that begins with such a call has nothing to begin with.',
  },
  {
    matches: /^IdP: ID token:/,
    why: "Only the agent's app reads ID tokens. oidc-provider leaves out the optional `at_hash`, `jti` and header type.",
  },
  {
    matches: /^IdP: exchange with an empty scope:/,
    why: 'oidc-provider drops empty parameters before a grant sees them: an empty scope is none. Patterns always name one.',
  },
  {
    matches: /^IdP: exchange for an ID token:/,
    why: 'Not offered by the embedded IdP: no pattern exchanges for anything but an access token.',
  },
  {
    matches: /^IdP: exchange with a DPoP proof:/,
    why: 'Keycloak adds a member of its own to `cnf`. Services look at `cnf.jkt` alone (RFC 9449 section 6.1).',
  },
  {
    matches:
      /^IdP: (exchange with an unreadable DPoP proof|refresh with a token that was used|refresh by another client|client credentials|unknown grant|sign-in without PKCE|sign-in with PKCE plain|sign-in without a prompt):/,
    why: 'The same status and error code; the words of the description are oidc-provider’s own.',
  },
  {
    matches: /^IdP: standard sign-in with a `resource` that (has a fragment|is no URI):/,
    why: 'oidc-provider refuses what RFC 8707 section 2 forbids, and Keycloak does not look at `resource`. No client sends such a one: it would not be the address of an MCP server.',
  },
  {
    matches: /^IdP: standard sign-in with two resources:/,
    why: 'oidc-provider allows several `resource` parameters (RFC 8707 section 2); Keycloak refuses any parameter that comes twice (RFC 6749 section 3.1). A client names one MCP server.',
  },
  {
    matches: /^IdP: standard sign-in without any scope:/,
    why: "oidc-provider grants no sign-in that asks for nothing. The MCP server's 401 and its metadata name the scopes, so a standard client asks for some.",
  },
  {
    matches: /^IdP: standard sign-in with `offline_access`:/,
    why: 'The realm has no offline tokens, and neither names the scope in its metadata. oidc-provider leaves the scope out, Keycloak refuses what it does not know.',
  },
  {
    matches: /^IdP: refresh for more scopes:/,
    why: 'Neither gives more than the sign-in did (RFC 6749 section 6): oidc-provider says so, Keycloak may leave it out of the token.',
  },
  {
    matches: /^IdP: password grant:/,
    why: 'The embedded IdP has no password grant at all; Keycloak has one and refuses it to this client.',
  },
  {
    matches: /^IdP: (introspection|revocation) of a session token/,
    why: 'oidc-provider can neither introspect nor revoke JWT access tokens. No pattern does: services verify by JWKS, and tokens are short-lived.',
  },
  {
    matches: /^IdP: metadata: /,
    why: "What the server could do for some client. Keycloak lists more than this realm's clients may use.",
  },
]

/** @returns undefined where nobody knows yet */
export function reasonFor({ where, aspect, real }: Difference): string | undefined {
  const found = known.find(
    (each) => each.matches.test(`${where}: ${aspect}`) && (each.real?.test(real) ?? true),
  )
  return found?.why
}
