import {
  type BoundCall,
  type FlawedProof,
  proofFlaws,
  takenWithFlaw,
} from '../../../attacks/attacker/forging/proof-flaws.ts'
import { asSentence } from '../../../attacks/attacker/holes.ts'
import type { HeaderValues, Presented } from '../calls/call.ts'
import type { Check } from '../check.ts'
import { needsIssuer, type Probe } from '../probe.ts'
import { found, held, notApplicable } from '../result.ts'

/** Proofs that are wrong in one thing: the same as in the attacks on the patterns, in the same words. */
export const proofChecks: readonly Check[] = proofFlaws.map(({ id, flaw, present }) => ({
  id,
  says: asSentence(takenWithFlaw(flaw)),
  severity: 'high',
  clauses: ['RFC 9449 section 4.3', 'RFC 9449 section 7.1'],
  judgedBy: 'the honest answer, which came back for the wrong proof, beside calls with right ones',
  remedy:
    'Check each proof as RFC 9449 section 4.3 lists it, and remember each `jti` until the proof is too old.',
  run: (probe) => refusesProof(probe, present),
}))

/** A bound token where nobody asks for a proof. */
export const boundTokenCheck: Check = {
  id: 'bound-token-as-bearer',
  says: 'It takes a token that is bound to a certificate from whoever holds it.',
  severity: 'low',
  clauses: ['RFC 8705 section 3', 'RFC 7800 section 3', 'RFC 9449 section 7.2'],
  judgedBy: 'the honest answer, which came back for a token with `cnf` and no certificate',
  remedy: 'Refuse a token with a `cnf` that you do not check.',
  async run(probe) {
    const { issuer, key, victim, target } = probe
    if (!issuer) return needsIssuer
    if (key) return notApplicable('its tokens are bound to a key; see dpop-bearer-downgrade')
    const cnf = { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' }
    const token = await issuer.mint(victim, target.users[victim]?.claims, { claims: { cnf } })
    return probe.refusesAll([{ presented: probe.present(token), what: 'a token bound to a certificate' }])
  },
}

/** The reason why no check of proofs applies. */
export const unbound = 'its tokens are bound to no key, as far as the target says (scheme: DPoP)'

async function refusesProof(probe: Probe, present: FlawedProof['present']) {
  const { key, victim } = probe
  if (!key) return notApplicable(unbound)
  const token = await probe.control()
  // What an MCP client sends first is `initialize`; for an HTTP API it is the request itself.
  const call = { method: probe.isMcp ? 'POST' : probe.target.method, url: probe.target.url }
  const bound: BoundCall = {
    call,
    token,
    key,
    credentials: async (changes) => ({
      authorization: `DPoP ${token}`,
      dpop: await key.proof({ ...call, token }, changes),
    }),
  }
  const right = await bound.credentials()
  const { kind, how } = await probe.call(firstOf(right, probe.present(token)))
  if (kind !== 'served') throw new Error(`the call with a right proof is ${kind}: ${how}`)
  const refusals = new Set<string>()
  for (const wrong of await present(bound, right)) {
    const answer = await probe.call(firstOf(wrong, probe.present(token)))
    if (answer.kind === 'served') return found(`it was served: ${answer.how}`)
    if (answer.kind === 'unclear') throw new Error(`neither served nor refused: ${answer.how}`)
    refusals.add(answer.how)
  }
  await probe.control(victim)
  return held(`refused (${[...refusals].join(', ')}), and the honest call beside it was served`)
}

/** Presents these headers with the first request, and what is right with those that follow. */
function firstOf(headers: HeaderValues, right: Presented): Presented {
  let sent = false
  return async (request) => {
    const isFirst = !sent
    sent = true
    if (isFirst) return headers
    return typeof right === 'function' ? right(request) : right
  }
}
