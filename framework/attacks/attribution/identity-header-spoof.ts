import type { Attack } from '../attack.ts'
import { actedAs, gotThrough } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'

export const identityHeaderSpoof: Attack = {
  id: 'identity-header-spoof',
  story:
    "Someone took dave's request off the wire, and wants to be alice by adding the headers in which gateways pass on who the user is.",
  owasp: ['ASI03', 'MCP07'],
  judgedBy: 'a service record that names alice, for a request that the attacker sent',
  expected: 'BBBBBBBB',
  async run(lab) {
    const taken = await lab.suppress('dave', 'What are my expenses?')
    const headers = spoofed('alice', lab.accounts.subOf('alice'))
    const effect = await lab.effectOf(async () => {
      await lab.replay(taken, { headers, credentials: {} })
      await lab.replay(taken, { headers })
    })
    // The control: with his own credentials the request is dave's, and served.
    if (!gotThrough(effect))
      throw new Error("could not be carried out: not even dave's own request is served")
    const otherwise = 'no service believes a header that says who the user is'
    return judge(effect, actedAs('alice', effect), 'a header was enough to be alice', otherwise)
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
