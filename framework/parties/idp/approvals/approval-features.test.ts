import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import { Provider } from 'oidc-provider/lib/provider.js'
import { expect, it, vi } from 'vitest'
import { readRealm } from '../../../scenario/realm/index.ts'
import { LiveRealm } from '../live-realm.ts'
import { approvalFeatures } from './approval-features.ts'
import type { Approvals } from './approvals.ts'
import { holdPolls } from './hold-polls.ts'

const none = {} as unknown as Approvals
const realm = readRealm()
const { ciba } = approvalFeatures(new LiveRealm(realm), none)
const detail = { type: 'tool_call', locations: ['expenses'], tool: 'approve_expense', arguments: { id: 103 } }
const asking = (params: object) =>
  ({
    oidc: { params, requestParamScopes: new Set(['to-expenses', 'expenses:approve']) },
  }) as unknown as KoaContextWithOIDC
/** Checks the action for the MCP server's client, in a realm that has this of it. */
const validate = (changes: { readonly backchannel?: boolean } = {}) => {
  const clients = realm.clients.map((client) =>
    client.clientId === 'mcp-server' ? { ...client, ...changes } : client,
  )
  const { types } = approvalFeatures(new LiveRealm({ ...realm, clients }), none).richAuthorizationRequests
  return types?.tool_call?.validate(asking({}), detail, { clientId: 'mcp-server' } as unknown as Client)
}

it('a request that names no session asks nobody, whatever other hint it has', async () => {
  const params = { id_token_hint: 'of alice', authorization_details: JSON.stringify([detail]) }
  await expect(ciba.validateRequestContext?.(asking(params))).rejects.toMatchObject({
    error_description: expect.stringContaining('login_hint_token'),
  })
})

it('a request about several actions, or about none, asks nobody', async () => {
  for (const authorization_details of [undefined, '[]', JSON.stringify([detail, detail])]) {
    const params = { login_hint_token: 'of alice', authorization_details }
    await expect(ciba.validateRequestContext?.(asking(params))).rejects.toMatchObject({
      error_description: expect.stringContaining('one action'),
    })
  }
})

it('a message may be left out, and is short', async () => {
  await expect(ciba.validateBindingMessage?.(asking({}), undefined)).resolves.toBeUndefined()
  await expect(ciba.validateBindingMessage?.(asking({}), 'x'.repeat(200))).resolves.toBeUndefined()
  await expect(ciba.validateBindingMessage?.(asking({}), 'x'.repeat(201))).rejects.toThrow()
})

it('a client that may ask nobody has no action to ask about', () => {
  expect(() => validate({ backchannel: false })).toThrow('invalid_authorization_details')
  expect(() => validate()).not.toThrow()
})

it('polls are held at a provider that answers polls', () => {
  // A provider without settings warns of each of them.
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const plain = new Provider('http://idp.test')
  warn.mockRestore()
  expect(() => holdPolls(plain, none)).toThrow('no backchannel authentication')
})
