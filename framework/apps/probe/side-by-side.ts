import { proofFlaws } from '../../attacks/attacker/forging/proof-flaws.ts'
import { forgedTokenAttacks } from '../../attacks/forged/forged-token.ts'

const captured = 'it takes a captured request of somebody else; the probe sends its own alone'
const idp = 'it is an attack on the IdP or on its client; the probe is the IdP'
const ended = 'a server that verifies tokens by itself cannot know; the IdP of the probe signs in nobody'
const inside =
  'it takes the agent, the model, the policy or the records inside; the probe sees a server from outside'
const chosen = 'it takes another call than the harmless one; the probe calls what it was named alone'
const approved = 'it takes a person who is asked about one action; the probe asks nobody'
const unsigned = 'the probe signs no request as RFC 9421 has it'
const tolerance = 'a few seconds of tolerance are no hole'

/** The check beside an attack, or why the probe has none. */
export type Beside =
  | {
      readonly check: string /** The reason why the attack says it in other words. */
      readonly otherWords?: string
    }
  | { readonly why: string }

/** The attacks on the patterns, each with the check of the probe that asks for the same: by id, or why there is none. */
export const attackBeside: Readonly<Record<string, Beside>> = {
  ...Object.fromEntries([...forgedTokenAttacks, ...proofFlaws].map(({ id }) => [id, { check: id }])),
  'anonymous-call': { check: 'no-token' },
  'anonymous-tool-call': { check: 'no-token' },
  'guessed-key': { check: 'garbage-token' },
  'cross-service-replay': { check: 'wrong-audience' },
  'misaddressed-token': { check: 'wrong-audience' },
  'token-for-another-mcp-server': { check: 'wrong-audience' },
  'rogue-at-mcp-server': { check: 'wrong-audience' },
  'id-token-as-access-token': { check: 'id-token-as-access-token' },
  'scope-overreach': { check: 'missing-scope' },
  'identity-header-spoof': { check: 'identity-header-spoof' },
  'token-cache-mix-up': { check: 'rows-of-another' },
  'session-handle-theft': { check: 'session-of-another' },
  'past-the-mcp-server': {
    check: 'token-passed-on',
    otherWords: 'the attack goes to the API itself; the probe sees only what arrives there',
  },
  'keys-unavailable': { check: 'keys-unavailable' },
  'expired-token': { check: 'expired' },
  'future-token': { check: 'not-yet-valid' },
  'expired-within-skew': { why: tolerance },
  'future-within-skew': { why: tolerance },
  'role-escalation': { why: inside },
  'credential-in-context': { why: inside },
  'conflict-of-interest': { why: inside },
  'unattributed-agent': { why: inside },
  'injection-within-authority': { why: inside },
  'key-swap': { why: inside },
  'audit-evasion': { why: inside },
  'verifier-forgery': { why: inside },
  'identity-by-argument': { why: chosen },
  'resource-overreach': { why: chosen },
  'dpop-other-call': { why: chosen },
  'dpop-changed-query': { why: chosen },
  'dpop-changed-body': { why: chosen },
  'unsigned-component': { why: unsigned },
  'approval-by-argument': { why: approved },
  'approval-fatigue': { why: approved },
  'approval-flood': { why: approved },
  'approval-for-another-action': { why: approved },
  'approval-replay': { why: approved },
  'approval-skipped': { why: approved },
  'stale-replay': { why: captured },
  'bearer-replay': { why: captured },
  'front-hop-replay': { why: captured },
  'receiver-replay': { why: captured },
  'proof-preplay': { why: captured },
  'evil-mcp-server': { why: idp },
  'exchange-by-outsider': { why: idp },
  'exchange-scope-widening': { why: idp },
  'rogue-delegation': { why: idp },
  'delegation-laundering': { why: idp },
  'client-and-session-theft': { why: idp },
  'agent-as-user': { why: idp },
  'secret-theft': { why: captured },
  'after-logout': { why: ended },
  'kept-token-after-logout': { why: ended },
  'role-revoked': { why: ended },
  'suspended-in-mid-run': { why: ended },
  'disabled-agent': { why: ended },
  'disabled-agent-other-grant': { why: ended },
}

const ownIdp = 'only an issuer can make such a token, and the attacker of a pattern is none'
const shared = 'the patterns share this code of the MCP server, whose own tests try it'

/** The checks that no attack on the patterns has, each with the reason. */
export const checkAlone: Readonly<Record<string, string>> = {
  challenge: shared,
  'resource-metadata': shared,
  'token-in-query': shared,
  'oversized-token': shared,
  'token-in-refusal': shared,
  'scope-challenge': shared,
  'session-as-credential': shared,
  'foreign-origin': shared,
  'foreign-host': shared,
  'cors-with-credentials': shared,
  'malformed-message': shared,
  'unknown-key': 'the attack keys-unavailable tries it, during an outage',
  'lookalike-audience': ownIdp,
  'no-audience': ownIdp,
  'wrong-issuer-name': ownIdp,
  'no-expiry': ownIdp,
  'logout-token-as-access-token': ownIdp,
  'unknown-critical-header': ownIdp,
  'malformed-expiry': ownIdp,
  'duplicate-claims': ownIdp,
  'issued-in-the-future': ownIdp,
  'bound-token-as-bearer': ownIdp,
  'missing-step-up': ownIdp,
  'step-up-challenge': shared,
  'encoding-of-signature': shared,
  'other-method': shared,
  'large-body': shared,
  'revoked-token': 'the attacks after-logout and kept-token-after-logout try it, by a logout',
  'rotated-key': 'it is a fact of operation, and nothing that an attacker does',
}
