import type { Outgoing } from '../../trace/recorder/hop.ts'
import type { Attack } from '../attacker/attack.ts'
import type { Attacker } from '../attacker/attacker.ts'
import { proofIn } from '../attacker/capture.ts'
import { actedAs, allowed, changesOf } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'
import { spoofedHeaders } from './identity-headers.ts'

const list = 'What are my expenses?'
const search = 'Find the incident runbook.'
const submit = { method: 'POST', path: '/expenses', body: { amount: 999, description: 'By a header' } }

export const identityHeaderSpoof: Attack = {
  id: 'identity-header-spoof',
  story:
    "Someone took dave's requests off the wire, and wants to be alice, or to have her role, by adding the headers in which gateways pass on who the user is, and all others that the services ask for.",
  owasp: ['ASI03', 'MCP07'],
  cwe: ['CWE-290', 'CWE-807'],
  aisvs: ['9.5.2'],
  judgedBy:
    'a service record that names alice, or an expense or a document of dave that is refused to him without the headers',
  async run(attacker) {
    // The controls; by then the services have also said what they look at.
    await attacker.captureCall('dave', list)
    await attacker.captureCall('dave', search)
    const alice = { name: 'alice', sub: attacker.accounts.subOf('alice'), role: 'admin' }
    const spoofed = spoofedHeaders(alice, attacker.headersReadByServices(), await attacker.wordsOfServices())
    const [lists, searches] = [
      await take(list, 3 * spoofed.length + 1, attacker),
      await take(search, spoofed.length + 1, attacker),
    ]
    const next = (requests: Outgoing[]) => requests.pop() as Outgoing
    const mayDo = async (headers: Record<string, string>): Promise<string[]> => {
      const found = await attacker.effectOf(() => attacker.replay(next(searches), { headers }))
      const written = await attacker.effectOf(() => attacker.replay(next(lists), { ...submit, headers }))
      const seen = allowed(found.records).flatMap(({ resources }) => resources)
      return changesOf(written).length > 0 ? [...seen, 'a new expense'] : seen
    }
    let isPromoted = false
    const effect = await attacker.effectOf(async () => {
      const without = await mayDo({})
      for (const headers of spoofed) {
        await attacker.replay(next(lists), { headers, credentials: {} })
        await attacker.replay(next(lists), { headers })
        const withHeaders = await mayDo(headers)
        isPromoted ||= withHeaders.some((each) => !without.includes(each))
      }
    })
    const otherwise = 'no service believes a header that says who the user is'
    const succeeded = isPromoted || actedAs('alice', effect)
    return judge(effect, {
      succeeded,
      how: holes['identity-header-spoof'],
      otherwise,
    })
  },
}

/** Requests of dave's that never arrived: each with an unused proof, where they carry one, or else one for all. */
async function take(prompt: string, number: number, attacker: Attacker): Promise<Outgoing[]> {
  const taken = [await attacker.suppress('dave', prompt)]
  while (taken.length < number) {
    const [first] = taken as [Outgoing]
    taken.push(proofIn(first) ? await attacker.suppress('dave', prompt) : first)
  }
  return taken
}
