import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as errors from 'oidc-provider/lib/helpers/errors.js'
import * as grants from 'oidc-provider/lib/helpers/grants.js'
import * as policy from 'oidc-provider/lib/helpers/interaction_policy/index.js'
import { Provider } from 'oidc-provider/lib/provider.js'
import { expect, it } from 'vitest'

it('is the very version that the deep imports were written for', () => {
  const require = createRequire(import.meta.url)
  expect(require('oidc-provider/package.json').version).toBe('9.13.3')
  expect(require('../../package.json').dependencies['oidc-provider']).toBe('9.13.3')
})

it('has what the deep imports take from it', () => {
  expect(Provider).toBeTypeOf('function')
  expect(new errors.InvalidRequest('why')).toMatchObject({ error: 'invalid_request', statusCode: 400 })
  expect(new errors.InvalidScope('why', 'x')).toMatchObject({ error: 'invalid_scope', statusCode: 400 })
  expect(new errors.CustomOIDCProviderError('name', 'why')).toMatchObject({ error: 'name', statusCode: 400 })
  expect(grants).toMatchObject({
    buildTokenResponse: expect.any(Function),
    checkDpopReplay: expect.any(Function),
    validateDpop: expect.any(Function),
  })
  expect(policy.base().get('login')?.checks.length).toBeGreaterThan(0)
  expect(policy.Check).toBeTypeOf('function')
})

it('prints nothing, from import to close, and leaves nothing open', async () => {
  const script = `
    import { startEmbeddedIdp } from './embedded-idp.ts'
    import { readRealm } from '../../scenario/realm/index.ts'
    import { exchange, signInAs, traceparent } from './testing/client.ts'
    import { signOut } from '../sign-in/index.ts'
    const idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
    const session = await signInAs(idp.issuer, 'alice')
    const answer = await exchange(idp.issuer, session.accessToken, { audience: 'expenses', scope: 'expenses:read' })
    await fetch(idp.issuer + '/auth', { headers: { accept: 'text/html', origin: 'http://evil.example' } })
    await fetch(idp.issuer + '/token', { method: 'POST', headers: { origin: 'http://evil.example' } })
    await signOut({ issuer: idp.issuer, idToken: session.idToken, fetch, traceparent })
    await idp.close()
    process.exitCode = answer.status === 200 ? 42 : 1`
  const run = promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      timeout: 20_000,
    },
  )
  await expect(run).rejects.toMatchObject({ code: 42, stdout: '', stderr: '' })
})
