import type { Check } from '../check.ts'
import { noHonestToken } from '../probe.ts'
import { found, held, notTried } from '../result.ts'

/** The reason why it cannot be seen what a server sends on. */
export const noCanary = 'it takes an API of the probe behind the server: --canary'

export const passingOnChecks: readonly Check[] = [
  {
    id: 'token-passed-on',
    says: "It passes its client's token on to the API behind it.",
    severity: 'high',
    clauses: ['MCP security best practices, token passthrough', 'MCP01', 'ASI03'],
    judgedBy: 'what came to an API of the probe, at which the server sends its own requests',
    remedy:
      'Get a token of your own for the API behind you (RFC 8693), and never send on what you were sent.',
    async run(probe) {
      const { canary, victim } = probe
      if (!canary) return notTried(noCanary)
      if ((await probe.tokenOf(victim)) === undefined) return noHonestToken
      const before = canary.received.length
      const token = await probe.control()
      const received = canary.received.slice(before)
      if (received.length === 0) {
        return notTried(`no request came to ${canary.url}: point the server's own API address at it`)
      }
      return received.some((each) => each.includes(token))
        ? found("the client's token arrived at the API behind it")
        : held(`${received.length} requests came to the API behind it, none with the client's token`)
    },
  },
]
