import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type SignedIn, signOut } from '../../sign-in/index.ts'
import type { IdentityProvider } from '../identity-provider.ts'
import { askFor } from './authorization.ts'
import { exchange, signInAs, tokenRequest, traceparent } from './client.ts'

/** For tests: what signing out, revoking a consent and disabling an agent end at an IdP, and what they leave alone. */
export function describeWhatEnds(name: string, start: () => Promise<IdentityProvider>): void {
  let idp: IdentityProvider
  beforeAll(async () => {
    idp = await start()
    await idp.admin.reset()
  })
  afterEach(() => idp.admin.reset())
  afterAll(() => idp.close())

  /** True if a token is still served. */
  const works = async (token: string) =>
    (await exchange(idp.issuer, token, { audience: 'expenses', scope: 'expenses:read' })).status === 200
  const rogueWorks = async ({ accessToken }: SignedIn) => {
    const wanted = { audience: 'expenses', scope: 'to-expenses expenses:read' }
    return (await exchange(idp.issuer, accessToken, wanted, { id: 'rogue-agent' })).status === 200
  }
  const rogue = (username: string) =>
    signInAs(idp.issuer, username, { clientId: 'rogue-agent', scopes: ['to-expenses'] })
  const renewed = (clientId: string, refreshToken = '') =>
    tokenRequest(idp.issuer, {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: refreshToken,
    })
  /** An agent's tokens after its user's consent, and the number of times that the user was asked. */
  const consented = async (username: string) => {
    const asked = await askFor(idp.issuer, 'expenses:approve', { username, answer: 'allow' })
    return { ...(await asked.redeem()), questions: asked.questions.length }
  }

  describe(`at ${name}`, () => {
    it('signing out ends that session, and no other one of that user or of another', async () => {
      const leaving = await signInAs(idp.issuer, 'alice')
      const staying = await signInAs(idp.issuer, 'alice')
      const [bob, elsewhere] = [await signInAs(idp.issuer, 'bob'), await rogue('alice')]
      await signOut({ issuer: idp.issuer, idToken: leaving.idToken, fetch, traceparent })
      expect(await works(leaving.accessToken)).toBe(false)
      expect((await renewed('agent-app', leaving.refreshToken)).status).toBe(400)
      expect(await works(staying.accessToken)).toBe(true)
      expect(await works(bob.accessToken)).toBe(true)
      expect(await rogueWorks(elsewhere)).toBe(true)
    })

    it('revoking a consent ends that client for that user alone, and the user is asked again', async () => {
      for (const user of ['alice', 'bob']) await idp.admin.revokeConsent(user, 'agent-app-asking')
      const [alice, bob] = [await consented('alice'), await consented('bob')]
      const [plain, elsewhere] = [await signInAs(idp.issuer, 'alice'), await rogue('alice')]
      await idp.admin.revokeConsent('alice', 'agent-app-asking')
      expect(await works(alice.access_token)).toBe(false)
      expect((await renewed('agent-app-asking', alice.refresh_token)).status).toBe(400)
      expect(await works(bob.access_token)).toBe(true)
      expect(await works(plain.accessToken)).toBe(true)
      expect(await rogueWorks(elsewhere)).toBe(true)
      const again = await consented('alice')
      expect(again.questions).toBe(1)
      expect(await works(again.access_token)).toBe(true)
    })

    it('disabling one agent ends it for all, and no other, until it is enabled again', async () => {
      const [alice, bob] = [await signInAs(idp.issuer, 'alice'), await signInAs(idp.issuer, 'bob')]
      const elsewhere = await rogue('alice')
      await idp.admin.setClientEnabled('agent-app', false)
      expect(await works(alice.accessToken)).toBe(false)
      expect(await works(bob.accessToken)).toBe(false)
      expect(await rogueWorks(elsewhere)).toBe(true)
      await idp.admin.reset()
      expect(await works(alice.accessToken)).toBe(true)
    })
  })
}
