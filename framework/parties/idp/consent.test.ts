import type { AuditRecord } from '@lab/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import type { IdpRecord } from './audit.ts'
import { needsConsent } from './consent.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { askFor } from './testing/authorization.ts'

let idp: IdentityProvider
let records: IdpRecord[]
beforeAll(async () => {
  idp = await startEmbeddedIdp({
    realm: readRealm(),
    audit: (record) => void records.push(record),
  })
  records = []
})
afterAll(() => idp.close())

const ask = (scope: string, who: { username: string; answer: 'allow' | 'refuse' }) =>
  askFor(idp.issuer, scope, who)

describe('a scope that needs consent', () => {
  it('is not given to who said no, and neither is anything else', async () => {
    const { callback, questions, redeem } = await ask('expenses:read expenses:approve', {
      username: 'alice',
      answer: 'refuse',
    })
    expect(questions).toHaveLength(1)
    expect(callback.get('error')).toBe('access_denied')
    expect(callback.get('iss')).toBe(idp.issuer)
    expect(callback.has('code')).toBe(false)
    expect((await redeem()).status).toBe(400)
    const said = records.filter(({ action }) => action === 'consent')
    expect(said).toMatchObject([
      { user: 'alice', client: 'agent-app-asking', decision: 'deny', scopes: ['expenses:approve'] },
    ])
  })

  it('is given to who said yes, to a page that names client, user, scope and host', async () => {
    const { questions, redeem } = await ask('expenses:read expenses:approve', {
      username: 'alice',
      answer: 'allow',
    })
    for (const word of ['agent-app-asking', 'alice', 'expenses:approve', '127.0.0.1'])
      expect(questions[0]).toContain(word)
    expect(questions[0]).not.toContain('expenses:read')
    const { scope, status } = await redeem()
    expect(status).toBe(200)
    expect(scope?.split(' ')).toEqual(expect.arrayContaining(['expenses:read', 'expenses:approve']))
    expect(records.at(-1) as AuditRecord).toMatchObject({ user: 'alice', decision: 'allow' })
  })

  it('is not asked for where the request does not name it', async () => {
    const { questions, redeem } = await ask('expenses:read', { username: 'bob', answer: 'refuse' })
    expect(questions).toEqual([])
    expect((await redeem()).scope?.split(' ')).not.toContain('expenses:approve')
  })

  it('is every scope of a client that nobody registered', () => {
    const agentApp = clientOf(readRealm(), 'agent-app')
    expect(needsConsent(agentApp, 'expenses:read')).toBe(false)
    expect(needsConsent({ ...agentApp, clientId: 'https://agent.example/c' }, 'expenses:read')).toBe(true)
  })

  it('has a page that answers nobody who does not come from a request', async () => {
    for (const path of ['/consent/x', '/consent/']) {
      const { status, headers } = await fetch(idp.issuer + path, { method: 'POST', body: 'answer=allow' })
      expect(status).toBe(400)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })
})
