import { decodeJwt } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { connectKeycloak } from '../keycloak/keycloak-idp.ts'
import { keycloakSettings, withSecrets } from '../keycloak/settings.ts'
import { Browser } from '../sign-in/browser.ts'
import { askFor } from './testing/authorization.ts'
import { redirectUri, signInAs, traceparent } from './testing/client.ts'

const settings = keycloakSettings(process.env)
const { issuer, admin } = await connectKeycloak(settings, withSecrets(readRealm(), settings))
const dave = { username: 'dave', answer: 'allow' } as const
/** Fails where a code is asked for. */
const withoutCode = { ...dave, oneTimeCode: () => Promise.reject(new Error('asked for a one-time code')) }

afterEach(async () => {
  // A wrong code counts as a failed sign-in, which a reset forgets; without a change there is none.
  await admin.setUserEnabled('dave', true)
  await admin.reset()
  await admin.revokeConsent('dave', 'agent-app-asking')
})

describe('a sensitive scope, at Keycloak', () => {
  it.each(['expenses:approve', 'users:manage'])('%s is not given for a password alone', async (scope) => {
    await expect(askFor(issuer, scope, withoutCode)).rejects.toThrow('asked for a one-time code')
  })

  it('is not given for less, where the application asks for less', async () => {
    const less = { acr_values: 'pwd' }
    await expect(askFor(issuer, 'expenses:approve', withoutCode, less)).rejects.toThrow('asked for a one')
  })

  it('is not given for having signed in before', async () => {
    const browser = new Browser({ origin: new URL(issuer).origin, redirectUri, fetch, traceparent })
    await askFor(issuer, 'expenses:read', { ...withoutCode, browser })
    const again = askFor(issuer, 'expenses:approve', { ...withoutCode, browser })
    await expect(again).rejects.toThrow('asked for a one-time code')
  })

  it('is not given for a wrong code', async () => {
    const codes = ['000000']
    const guessing = async () => {
      const code = codes.pop()
      if (!code) throw new Error('asked again')
      return code
    }
    const asking = askFor(issuer, 'expenses:approve', { ...dave, oneTimeCode: guessing })
    await expect(asking).rejects.toThrow('asked again')
  })

  it('is given for password and code, and the token says so', async () => {
    const { questions, redeem } = await askFor(issuer, 'expenses:approve users:manage', dave)
    expect(questions).toHaveLength(1)
    const { access_token, scope } = await redeem()
    expect(scope.split(' ')).toEqual(expect.arrayContaining(['expenses:approve', 'users:manage']))
    expect(decodeJwt(access_token)).toMatchObject({ acr: 'mfa', aud: 'mcp-server', azp: 'agent-app-asking' })
  })
})

describe('a scope that is not sensitive', () => {
  it('is given for a password, without a question', async () => {
    const { questions, redeem } = await askFor(issuer, 'expenses:read documents:read', withoutCode)
    expect(questions).toEqual([])
    expect(decodeJwt((await redeem()).access_token)).toMatchObject({ acr: 'pwd' })
  })

  it('is anything that agent-app asks for: its tokens say nothing of how', async () => {
    const { accessToken } = await signInAs(issuer, 'dave', { scopes: ['expenses:approve', 'users:manage'] })
    expect(decodeJwt(accessToken)).not.toHaveProperty('acr')
  })
})
