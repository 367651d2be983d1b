import { asSentence, holes } from '../../../attacks/attacker/holes.ts'
import type { Check } from '../check.ts'
import { needsIssuer } from '../probe.ts'
import { found, foundByStatus, held, notApplicable, notTried } from '../result.ts'

/** Between two tries, in ms. */
const pause = 2_000

const needsSay = notTried('the probe has no say in the keys of this issuer')

/** The reason why nobody tells it of a revocation. */
export const asksNobody = 'it verifies tokens by itself, and asks no issuer: a token counts until it expires'

/** Keys that change, and an issuer that is not there. They come last: a server may remember what it saw. */
export const keyChecks: readonly Check[] = [
  {
    id: 'keys-unavailable',
    says: asSentence(holes['keys-unavailable']),
    severity: 'critical',
    clauses: ['CWE-636', 'RFC 9068 section 4'],
    judgedBy: 'the honest answer to a token whose key could not be fetched',
    remedy: 'Fail closed: without the key there is no valid token.',
    async run(probe) {
      const { issuer, victim, target } = probe
      if (!issuer) return needsIssuer
      const { keys } = issuer
      if (!keys) return needsSay
      await probe.control()
      keys.available = false
      try {
        const token = await issuer.mint(victim, target.users[victim]?.claims, {
          header: { kid: 'a-key-that-nobody-has-seen' },
        })
        const { kind, how } = await probe.call(probe.present(token))
        if (kind === 'served') return found(`it was served: ${how}`)
        if (kind === 'unclear') throw new Error(`neither served nor refused: ${how}`)
        return held(`refused (${how})`)
      } finally {
        keys.available = true
        await probe.control()
      }
    },
  },
  {
    id: 'revoked-token',
    says: 'It serves a token that the issuer has revoked.',
    severity: 'high',
    clauses: ['RFC 7662 section 4', 'RFC 7009 section 2'],
    judgedBy: 'the honest answer to a token after the issuer has revoked it, beside the same one before',
    remedy: 'Ask the issuer for each request, or keep its answer for a few seconds at most.',
    async run(probe) {
      const { issuer } = probe
      if (!issuer) return needsIssuer
      const { introspection } = issuer
      if (!introspection) return needsSay
      const before = introspection.asked
      const token = await probe.control()
      if (introspection.asked === before) {
        return notApplicable(asksNobody)
      }
      introspection.revoke(token)
      const { kind, how } = await probe.call(probe.present(token))
      await probe.control()
      if (kind === 'unclear') throw new Error(`neither served nor refused: ${how}`)
      return kind === 'served' ? found(`it was served: ${how}`) : held(`refused (${how})`)
    },
  },
  {
    id: 'rotated-key',
    says: 'After a rotation of the key it serves nobody.',
    severity: 'low',
    clauses: ['OpenID Connect Core section 10.1.1'],
    judgedBy: 'the honest answer to a token under the new key',
    remedy: 'Fetch the key set again for an unknown key id, at most every few seconds.',
    async run(probe) {
      const { issuer, victim, target } = probe
      if (!issuer) return needsIssuer
      if (!issuer.keys) return needsSay
      const old = await probe.control()
      await issuer.keys.rotate()
      const began = Date.now()
      const isServed = async () => {
        const token = await issuer.mint(victim, target.users[victim]?.claims)
        return (await probe.call(probe.present(token))).kind === 'served'
      }
      let served = await isServed()
      while (!served && Date.now() - began < probe.keyPatience) {
        await new Promise((resolve) => setTimeout(resolve, Math.min(pause, probe.keyPatience)))
        served = await isServed()
      }
      const seconds = Math.round((Date.now() - began) / 1000)
      if (!served) return foundByStatus(`a token under the new key is still refused after ${seconds} s`)
      // A key set may be cached for minutes, so that this is a fact to know and no fault.
      const { kind } = await probe.call(probe.present(old))
      const cached = kind === 'served' ? '; the withdrawn key is served until its cache ends' : ''
      return held(`the new key is served after ${seconds} s${cached}`)
    },
  },
]
