import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TokenProfile, tokenProfiles } from '@lab/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { keycloak as examineKeycloak } from '../../ops/doctor/servers.ts'
import { api, ask, both, folder, keycloak, place, started } from './breakable-stack.ts'

/** Tokens of another form than the realm file asks for. */
export function faultsOfTokenForms(): void {
  describe('a Keycloak that writes its tokens in another form', () => {
    const settings = {
      'access.token.header.type.rfc9068': 'false',
      'access.token.signed.response.alg': 'RS256',
    }
    const profile: TokenProfile = {
      ...tokenProfiles.keycloak,
      type: 'JWT',
      algorithms: ['RS256'],
      // Two services that go by each other's names: so request and check can be seen to follow the profile.
      audience: {
        expenses: 'documents',
        documents: 'expenses',
        directory: 'directory',
        'mcp-server': 'mcp-server',
      },
    }
    const undo: (() => Promise<unknown>)[] = []
    beforeAll(async () => {
      for (const clientId of ['agent-app', 'mcp-server']) {
        const [client] = await api.get<{ id: string; attributes: object }[]>(`/clients?clientId=${clientId}`)
        const path = `/clients/${client?.id}`
        await api.send('PUT', path, { ...client, attributes: { ...client?.attributes, ...settings } })
        const before = {
          ...client,
          attributes: { ...client?.attributes, 'access.token.signed.response.alg': '' },
        }
        undo.push(() => api.send('PUT', path, before))
      }
    })
    afterAll(async () => {
      for (const step of undo) await step()
    })

    it('is refused by the default', async () => {
      const runner = await started('p06')
      await expect(ask(runner)).rejects.toMatchObject({
        code: 'invalid_token',
        message: expect.stringMatching(/^alg is not allowed/),
      })
    })

    it('is explained by doctor', async () => {
      const env = { KEYCLOAK_URL: place.keycloakUrl }
      expect(await examineKeycloak(env)).toMatchObject({
        state: 'bad',
        remedy: expect.stringMatching(/tokens are not as expected .*alg is not allowed.*TOKEN_PROFILE/),
      })
      const TOKEN_PROFILE = join(folder, 'profile.json')
      writeFileSync(TOKEN_PROFILE, JSON.stringify(profile))
      expect(await examineKeycloak({ ...env, TOKEN_PROFILE })).toMatchObject({ state: 'good' })
    })

    it.each(['p05', 'p06', 'p08'])('%s works with the profile of that form', async (which) => {
      const runner = await started(which, { ...both, keycloak: { ...keycloak, profile } })
      expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
      const [seen] = runner.identities
      expect(seen?.identity.claims?.aud).toBe(which === 'p05' ? 'mcp-server' : 'documents')
    })

    it('does not let an ID token pass for an access token', async () => {
      // Keycloak signs ID tokens by another setting: the signature must not be what saves us.
      const lenient = { ...profile, algorithms: ['RS256', 'ES256'] }
      const runner = await started('p05', { ...both, keycloak: { ...keycloak, profile: lenient } })
      const [result] = await runAttacks(
        runner,
        attacks.filter(({ id }) => id === 'id-token-as-access-token'),
      )
      expect(result).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('scope') })
    })
  })
}
