import { describe, expect, it } from 'vitest'
import { AdminApi } from '../../parties/keycloak/admin-api.ts'
import { connectKeycloak } from '../../parties/keycloak/keycloak-idp.ts'
import { UserError } from '../../process/user-error.ts'
import { ask, both, keycloak, nobody, otherName, place, realm, started } from './breakable-stack.ts'

const { admin } = keycloak

/** Faults of the set-up, found before anything runs. */
export function faultsOfSetUp(): void {
  describe('a Keycloak that is not as it should be', () => {
    it.each([
      [
        'is not there',
        { ...keycloak, url: nobody },
        realm,
        /no Keycloak answers at http:\/\/127\.0\.0\.1:\d+: start one/,
      ],
      [
        'is another server',
        { ...keycloak, url: place.opaUrl },
        realm,
        /has no realm agent-auth|is no Keycloak/,
      ],
      ['has no such realm', keycloak, { ...realm, name: 'elsewhere' }, /has no realm elsewhere: import/],
      [
        'has another secret',
        keycloak,
        withSecret('wrong'),
        /refuses mcp-server: a wrong secret.*MCP_SERVER_CLIENT_SECRET/,
      ],
      [
        'has an older realm',
        keycloak,
        withScope('invoices:read'),
        /is not the one of .*no client scope invoices:read/,
      ],
      [
        'is reached by another name',
        { ...keycloak, url: otherName },
        realm,
        /calls itself http:\/\/127\.0\.0\.1:.*KEYCLOAK_URL.*KEYCLOAK_ISSUER/,
      ],
    ])('is refused in one line where it %s', async (_case, settings, expected, reason) => {
      const connecting = connectKeycloak(settings, expected)
      await expect(connecting).rejects.toThrow(reason)
      await expect(connecting).rejects.toBeInstanceOf(UserError)
    })

    it('is refused as an administrator’s where the password is wrong', async () => {
      const wrong = new AdminApi({ ...keycloak, admin: { ...admin, password: 'wrong' } }, realm.name)
      await expect(wrong.get('')).rejects.toThrow(
        /does not take admin as its administrator.*KC_BOOTSTRAP_ADMIN_PASSWORD/,
      )
    })
  })

  describe('an issuer with two names', () => {
    it.each(['p05', 'p08'])('%s works as configured', async (which) => {
      const issuer = `${place.keycloakUrl}/realms/agent-auth`
      const inside = { ...keycloak, url: otherName, issuer }
      expect(await ask(await started(which, { ...both, keycloak: inside }))).toMatchObject({
        outcome: 'allowed',
      })
    })
  })
}

function withSecret(secret: string): typeof realm {
  const clients = realm.clients.map((client) =>
    client.clientId === 'mcp-server' ? { ...client, secret } : client,
  )
  return { ...realm, clients }
}

function withScope(name: string): typeof realm {
  const scope = { name, inToken: true, onConsentPage: true, mappers: [] }
  const clients = realm.clients.map((client) => ({
    ...client,
    optionalScopes: [...client.optionalScopes, scope],
  }))
  return { ...realm, clients }
}
