import type { Attack } from '../attacker/attack.ts'
import { actedAs, changesOf, gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const identityHeaderSpoof: Attack = {
  id: 'identity-header-spoof',
  story:
    "Someone took dave's requests off the wire, and wants to be alice, or to have her role, by adding the headers in which gateways pass on who the user is.",
  owasp: ['ASI03', 'MCP07'],
  judgedBy: 'a service record that names alice, or an expense of dave, who may submit none',
  async run(attacker) {
    const [read, write, promoted] = [
      await attacker.suppress('dave', 'What are my expenses?'),
      await attacker.suppress('dave', 'What are my expenses?'),
      await attacker.suppress('dave', 'What are my expenses?'),
    ]
    const headers = spoofed('alice', attacker.accounts.subOf('alice'))
    const submit = { method: 'POST', path: '/expenses', body: { amount: 999, description: 'By a header' } }
    let isPromoted = false
    const effect = await attacker.effectOf(async () => {
      await attacker.replay(read, { headers, credentials: {} })
      await attacker.replay(read, { headers })
      const without = await attacker.effectOf(() => attacker.replay(write, submit))
      const withHeaders = await attacker.effectOf(() => attacker.replay(promoted, { ...submit, headers }))
      isPromoted = changesOf(without).length === 0 && changesOf(withHeaders).length > 0
    })
    // The control: with his own credentials the request is dave's, and served.
    if (!gotThrough(effect))
      throw new Error("could not be carried out: not even dave's own request is served")
    const otherwise = 'no service believes a header that says who the user is'
    const succeeded = isPromoted || actedAs('alice', effect)
    return judge(effect, succeeded, 'a header was enough to be alice, or to have her role', otherwise)
  },
}

function spoofed(name: string, sub: string): Record<string, string> {
  const named = ['x-user-id', 'x-user', 'x-username', 'x-forwarded-user', 'x-remote-user', 'remote-user']
  const proxies = [
    'x-auth-request-user',
    'x-authenticated-user',
    'x-authenticated-userid',
    'x-goog-iap-jwt-assertion',
  ]
  return {
    ...Object.fromEntries([...named, ...proxies].map((header) => [header, name])),
    'x-user-sub': sub,
    'x-user-roles': 'admin',
    'x-forwarded-groups': 'admin',
  }
}
