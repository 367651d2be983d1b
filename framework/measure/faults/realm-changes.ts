import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { api, ask, place, started } from './breakable-stack.ts'

/** A realm that an administrator changes under a pattern. */
export function faultsOfRealms(): void {
  describe('a user who asks twice at the same moment', () => {
    it('is signed in once, because Keycloak refuses the second', async () => {
      const runner = await started('p06')
      const asked = ['What are my expenses?', 'Find the incident runbook.']
      const runs = await Promise.all(asked.map((prompt) => runner.runAs('alice', prompt)))
      expect(runs.flatMap(({ toolCalls }) => toolCalls.map(({ outcome }) => outcome.isError))).toEqual([
        false,
        false,
      ])
    })
  })

  describe('a realm that changes while a pattern runs', () => {
    it('goes on with a new signing key, without a restart', async () => {
      const runner = await started('p06')
      expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
      const keys = await signingKeys()
      await api.send('POST', '/components', {
        name: 'rotated',
        providerId: 'ecdsa-generated',
        providerType: 'org.keycloak.keys.KeyProvider',
        config: { ecdsaEllipticCurveKey: ['P-256'], priority: ['200'] },
      })
      expect(await signingKeys()).toHaveLength(keys.length + 1)
      // Longer than the keys' cool-down: a flood of unknown key ids must not become a flood of fetches.
      await sleep(2_100)
      runner.stack.sessions.forget()
      expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
    })

    /** The path of a scope that each of a client's tokens has. */
    async function defaultScope(clientId: string, name: string): Promise<string> {
      const [client] = await api.get<{ id: string }[]>(`/clients?clientId=${clientId}`)
      const scopes = await api.get<{ id: string; name: string }[]>('/client-scopes')
      const scope = scopes.find((each) => each.name === name)
      return `/clients/${client?.id}/default-client-scopes/${scope?.id}`
    }

    it.each(['p05', 'p06'])('%s refuses a session that is addressed to nobody', async (which) => {
      const runner = await started(which)
      const path = await defaultScope('agent-app', 'to-mcp-server')
      await api.send('DELETE', path)
      try {
        await expect(ask(runner)).rejects.toMatchObject({
          code: 'invalid_token',
          message: expect.stringMatching(/^the token has no claim aud/),
        })
      } finally {
        await api.send('PUT', path)
      }
      runner.stack.sessions.forget()
      expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
    })

    it('refuses where the mapper of the audience is gone, and says so', async () => {
      const runner = await started('p06')
      const path = await defaultScope('mcp-server', 'to-expenses')
      await api.send('DELETE', path)
      try {
        expect(await ask(runner)).toMatchObject({
          outcome: 'denied',
          decidedBy: 'idp',
          reason: expect.stringContaining('Requested audience not available: expenses'),
        })
      } finally {
        await api.send('PUT', path)
      }
      expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
    })
  })
}

async function signingKeys(): Promise<unknown[]> {
  const response = await fetch(`${place.keycloakUrl}/realms/agent-auth/protocol/openid-connect/certs`)
  return ((await response.json()) as { keys: unknown[] }).keys
}
