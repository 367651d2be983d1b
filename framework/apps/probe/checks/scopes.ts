import { asSentence, holes } from '../../../attacks/attacker/holes.ts'
import type { Check } from '../check.ts'
import { needsIssuer } from '../probe.ts'
import { foundByStatus, held, notApplicable } from '../result.ts'

/** The reason why no check of the sign-in applies. */
export const noAcr = 'the target names no way of signing in that the call needs: --acr'

export const scopeChecks: readonly Check[] = [
  {
    id: 'missing-scope',
    says: asSentence(holes['missing-scope']),
    severity: 'high',
    clauses: ['RFC 6750 section 3.1', 'MCP authorization 2026-07-28, scope challenge', 'MCP02'],
    judgedBy: 'the honest answer, which came back for a token without the scope',
    remedy: 'Check the scope of each tool, not only that there is a valid token.',
    async run(probe) {
      const { issuer, target, victim } = probe
      if (!issuer) return needsIssuer
      if (target.scope === '') return notApplicable('the target names no scope that the call needs')
      const claims = target.users[victim]?.claims
      const tokens = await Promise.all(
        [undefined, 'agent-auth-lab:other', `not-${target.scope}`].map((scope) =>
          issuer.mint(victim, claims, { claims: { scope } }),
        ),
      )
      return probe.refusesAll(
        tokens.map((token) => ({ presented: probe.present(token), what: 'a token without the scope' })),
      )
    },
  },
  {
    id: 'scope-challenge',
    says: 'A client is not told which scope it lacks.',
    severity: 'low',
    clauses: ['RFC 6750 section 3.1', 'MCP authorization 2026-07-28, scope challenge'],
    judgedBy: 'status and `WWW-Authenticate` of the answer to a token without the scope',
    remedy: 'Answer 403 with `error="insufficient_scope"` and the scope.',
    async run(probe) {
      const { issuer, target, victim } = probe
      if (!issuer) return needsIssuer
      if (target.scope === '') return notApplicable('the target names no scope that the call needs')
      const token = await issuer.mint(victim, target.users[victim]?.claims, { claims: { scope: undefined } })
      await probe.control()
      const { kind, last } = await probe.call(probe.present(token))
      if (kind === 'served') return notApplicable('it serves a token without the scope; see missing-scope')
      const told = /insufficient_scope/.test(last.headers.get('www-authenticate') ?? '')
      return last.status === 403 && told
        ? held('403 with insufficient_scope')
        : foundByStatus(`${last.status}${told ? '' : ' without insufficient_scope'}`)
    },
  },
  {
    id: 'missing-step-up',
    says: 'It serves a user who signed in in a weaker way than the call needs.',
    severity: 'high',
    clauses: ['RFC 9470 section 5'],
    judgedBy: 'the honest answer, which came back for a token with another `acr`, or none',
    remedy: 'Compare `acr` with what the call needs, and refuse a token without it.',
    async run(probe) {
      const { issuer, target, victim } = probe
      if (target.acr === undefined) return notApplicable(noAcr)
      if (!issuer) return needsIssuer
      const tokens = await Promise.all(
        [undefined, '0', `not-${target.acr}`].map((acr) =>
          issuer.mint(victim, target.users[victim]?.claims, { claims: { acr } }),
        ),
      )
      return probe.refusesAll(
        tokens.map((token) => ({ presented: probe.present(token), what: 'a token of a weaker sign-in' })),
      )
    },
  },
  {
    id: 'step-up-challenge',
    says: 'A client is not told how the user must sign in.',
    severity: 'low',
    clauses: ['RFC 9470 section 3'],
    judgedBy: 'status and `WWW-Authenticate` of the answer to a token of a weaker sign-in',
    remedy: 'Answer 401 with `error="insufficient_user_authentication"` and `acr_values`.',
    async run(probe) {
      const { issuer, target, victim } = probe
      if (target.acr === undefined) return notApplicable(noAcr)
      if (!issuer) return needsIssuer
      const token = await issuer.mint(victim, target.users[victim]?.claims, { claims: { acr: undefined } })
      await probe.control()
      const { kind, last } = await probe.call(probe.present(token))
      if (kind === 'served') return notApplicable('it serves a weaker sign-in; see missing-step-up')
      const challenge = last.headers.get('www-authenticate') ?? ''
      const told = /insufficient_user_authentication/.test(challenge) && challenge.includes(target.acr)
      return last.status === 401 && told
        ? held('401 with insufficient_user_authentication and the acr')
        : foundByStatus(
            `${last.status}${told ? '' : ' without insufficient_user_authentication and the acr'}`,
          )
    },
  },
]
