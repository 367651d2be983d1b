import { decodeJwt } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readRealm } from '../../../scenario/realm/index.ts'
import type { IdpRecord } from '../audit.ts'
import { startEmbeddedIdp } from '../index.ts'
import { answerAt, at, type Fields, pageAt } from '../testing/approval.ts'
import { exchange, secretOf, signInAs, tokenRequest, traceparent } from '../testing/client.ts'
import { actionIn } from './action-in.ts'
import { type Question, waitingAtMost } from './questions.ts'

const grant = 'urn:openid:params:grant-type:ciba'
const action = {
  type: 'tool_call',
  locations: ['directory'],
  tool: 'set_user_role',
  arguments: { user: 'dave', role: 'admin' },
}
type Told = Question & { readonly url: string }

let close = async () => {}
afterEach(() => {
  vi.useRealTimers()
  return close()
})

async function start() {
  const told: Told[] = []
  const records: IdpRecord[] = []
  const idp = await startEmbeddedIdp({
    realm: readRealm(),
    audit: (record) => records.push(record),
    tellPerson: (question) => told.push(question),
  })
  close = () => idp.close()
  const session = (await signInAs(idp.issuer, 'alice')).accessToken
  const ask = (
    changes: Record<string, string | undefined> = {},
    id = 'mcp-server',
    secret = secretOf(id),
  ) => {
    const asked = {
      scope: 'openid users:manage act-mcp-server',
      login_hint_token: session,
      binding_message: 'make dave an admin',
      authorization_details: JSON.stringify([action]),
      ...changes,
    }
    return at(`${idp.issuer}/backchannel`, asked as Fields, { id, secret })
  }
  const poll = (id: string, client = 'mcp-server') =>
    tokenRequest(idp.issuer, { grant_type: grant, auth_req_id: id }, { id: client })
  const asked = async () => String((await ask()).body.auth_req_id)
  const reasons = () => records.filter((record) => record.action === 'approval').map(({ reason }) => reason)
  return { idp, session, told, records, ask, asked, poll, reasons }
}
const what = 'set_user_role, user dave, role admin'

describe('a question is refused', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['without a session', { login_hint_token: undefined }],
    ['by a name alone', { login_hint_token: undefined, login_hint: 'alice' }],
    ['with a token that is none', { login_hint_token: 'guessed' }],
    ['without an action', { authorization_details: undefined }],
    ['about several actions', { authorization_details: JSON.stringify([action, action]) }],
    ['about no action', { authorization_details: '[]' }],
    ['about what is no JSON', { authorization_details: '{' }],
    ['about what is like a list', { authorization_details: JSON.stringify({ 0: action, length: 1 }) }],
    [
      'at another service than its scopes reach',
      { authorization_details: JSON.stringify([{ ...action, locations: ['elsewhere'] }]) },
    ],
    [
      'with a field that the page would not show',
      { authorization_details: JSON.stringify([{ ...action, more: 1 }]) },
    ],
    ['for a scope that the client does not have', { scope: 'openid everything' }],
    ['with a message that no page could show', { binding_message: 'x'.repeat(201) }],
  ])('%s', async (_what, changes) => {
    const { ask, told } = await start()
    expect((await ask(changes)).status).toBe(400)
    expect(told).toEqual([])
  })

  it('of a client that may not ask, and of one that does not prove itself', async () => {
    const { idp, ask, told } = await start()
    const other = (await signInAs(idp.issuer, 'alice', { clientId: 'rogue-agent', scopes: [] })).accessToken
    expect((await ask({ login_hint_token: other }, 'rogue-agent')).status).toBe(400)
    expect((await ask({}, 'mcp-server', 'guessed')).status).toBe(401)
    expect(told).toEqual([])
  })

  it('with a token that was given to another client, or whose session is over', async () => {
    const { idp, ask, told } = await start()
    const other = (await signInAs(idp.issuer, 'alice', { clientId: 'rogue-agent', scopes: [] })).accessToken
    expect((await ask({ login_hint_token: other })).body).toMatchObject({
      error_description: 'Invalid token',
    })
    await idp.admin.endSessions('alice')
    expect((await ask()).body).toMatchObject({ error_description: 'Invalid token' })
    expect(told).toEqual([])
  })

  it('where ten wait for the same person, and for nobody else; each leaves a record', async () => {
    const { idp, ask, told, records } = await start()
    const asking = await Promise.all(Array.from({ length: 50 }, () => ask()))
    expect(asking.filter(({ status }) => status === 200)).toHaveLength(waitingAtMost)
    expect(asking.filter(({ body }) => body.error === 'access_denied')).toHaveLength(50 - waitingAtMost)
    expect(told).toHaveLength(1)
    expect(records.filter((record) => record.action === 'approval')).toHaveLength(50)
    const bob = (await signInAs(idp.issuer, 'bob')).accessToken
    expect((await ask({ login_hint_token: bob })).status).toBe(200)
    expect(told.map(({ username }) => username)).toEqual(['alice', 'bob'])
  })
})

describe('the page', () => {
  it('shows nothing of the action to whoever has its address alone', async () => {
    const { asked, told } = await start()
    await asked()
    const { html } = await pageAt(told[0]?.url ?? '')
    expect(html).toContain('type="password"')
    expect(html).not.toMatch(/dave|set_user_role/)
  })

  it('is in no frame and in no cache, and opening it is no attempt to sign in', async () => {
    const { asked, told, reasons } = await start()
    await asked()
    const response = await fetch(told[0]?.url ?? '')
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).not.toContain('Invalid username')
    expect(reasons()).toEqual([`asked the user: ${what}`])
  })

  it('shows the action, and the words of the client as such', async () => {
    const { ask, told } = await start()
    await ask({ binding_message: '<b>nothing at all</b>' })
    const { html } = await pageAt(told[0]?.url ?? '', { username: 'alice', password: 'alice' })
    expect(html).toMatch(/set_user_role[\s\S]*directory[\s\S]*user: <code>dave[\s\S]*role: <code>admin/)
    expect(html).toContain('&lt;b&gt;nothing at all')
  })

  it('refuses somebody else, a wrong password, a ticket that is none, and an answer that is none', async () => {
    const { asked, told, reasons } = await start()
    await asked()
    const url = told[0]?.url ?? ''
    expect(await pageAt(url, { username: 'bob', password: 'bob' })).toMatchObject({ status: 403 })
    expect((await pageAt(url, { username: 'alice', password: 'bob' })).html).toContain('Invalid username')
    expect(await pageAt(url, { ticket: 'guessed', answer: 'approve' })).toMatchObject({ status: 403 })
    expect((await answerAt(url, 'alice', 'perhaps')).status).toBe(400)
    expect(reasons()).toEqual([
      `asked the user: ${what}`,
      `the answer of somebody else: ${what}`,
      `a sign-in to answer failed: wrong password: ${what}`,
      `an answer without a sign-in: ${what}`,
    ])
    expect(told).toHaveLength(1)
  })

  it('is over after the answer, and has never been for another address', async () => {
    const { idp, asked, told } = await start()
    await asked()
    const url = told[0]?.url ?? ''
    expect((await answerAt(url, 'alice', 'approve')).status).toBe(200)
    expect((await pageAt(url)).status).toBe(410)
    expect((await pageAt(`${idp.issuer}/approve/guessed`)).status).toBe(410)
  })
})

describe('an answer', () => {
  it('no: the client is told so, and gets nothing', async () => {
    const { asked, poll, told, reasons } = await start()
    const [answer] = await Promise.all([
      asked().then(poll),
      soon(() => told[0]).then(({ url }) => answerAt(url, 'alice', 'refuse')),
    ])
    expect(answer).toMatchObject({
      status: 400,
      error: 'access_denied',
      error_description: 'the user said no',
    })
    expect(answer.access_token).toBeUndefined()
    expect(reasons()).toContain(`the user said no: ${what}`)
  })

  it('yes: one token, for this action at this service', async () => {
    const { idp, asked, poll, told, reasons } = await start()
    const id = await asked()
    await answerAt(told[0]?.url ?? '', 'alice', 'approve')
    const token = await poll(id)
    expect(decodeJwt(token.access_token)).toMatchObject({
      aud: 'directory',
      azp: 'mcp-server',
      scope: 'openid users:manage',
      act: { sub: 'mcp-server' },
      authorization_details: [action],
    })
    expect(token.refresh_token).toBeUndefined()
    expect(reasons()).toContain(`the user said yes: ${what}`)
    expect(await poll(id)).toMatchObject({ status: 400, error: 'invalid_grant' })
    // It is nobody's session: nothing else comes of it.
    const more = await exchange(idp.issuer, token.access_token, {
      audience: 'directory',
      scope: 'users:manage',
    })
    expect(more).toMatchObject({ status: 400, error_description: 'Invalid token' })
  })

  it('twice, at the same time: the first one counts', async () => {
    const { asked, told, reasons } = await start()
    await asked()
    const url = told[0]?.url ?? ''
    const statuses = await Promise.all(
      (['approve', 'approve', 'refuse'] as const).map(
        async (answer) => (await answerAt(url, 'alice', answer)).status,
      ),
    )
    expect(statuses.sort()).toEqual([200, 410, 410])
    expect(reasons().filter((reason) => reason.startsWith('the user said'))).toHaveLength(1)
  })

  it('is not given to another client', async () => {
    const { asked, poll, told } = await start()
    const id = await asked()
    await answerAt(told[0]?.url ?? '', 'alice', 'approve')
    expect(await poll(id, 'rogue-agent')).toMatchObject({ error: 'unauthorized_client' })
  })

  it('of a user who was disabled meanwhile is worth nothing', async () => {
    const { idp, asked, poll, told } = await start()
    const id = await asked()
    await answerAt(told[0]?.url ?? '', 'alice', 'approve')
    await idp.admin.setUserEnabled('alice', false)
    expect(await poll(id)).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  it('that comes too late finds no question, and the record says that none came', async () => {
    const { ask, poll, told, reasons } = await start()
    const { body } = await ask({ requested_expiry: '1' })
    expect(await poll(String(body.auth_req_id))).toMatchObject({
      error: 'expired_token',
      error_description: 'no answer in time',
    })
    expect((await answerAt(told[0]?.url ?? '', 'alice', 'approve')).status).toBe(410)
    expect(reasons()).toContain(`no answer in time: ${what}`)
  })

  it('is kept for a client that comes late, and for a minute at most', async () => {
    const { asked, poll, told } = await start()
    const [early, late] = [await asked(), await asked()]
    for (const each of [0, 1]) await answerAt(told[each]?.url ?? '', 'alice', 'approve')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 175_000 })
    expect(await poll(early)).toMatchObject({ status: 200 })
    vi.setSystemTime(Date.now() + 10_000)
    expect(await poll(late)).toMatchObject({ status: 400 })
  })
})

it('a person is asked one thing at a time: the next one when the first is answered', async () => {
  const { asked, told } = await start()
  await asked()
  await asked()
  expect(told).toHaveLength(1)
  await answerAt(told[0]?.url ?? '', 'alice', 'refuse')
  expect(told).toHaveLength(2)
})

it('a sign-in asks for no action: authorization_details are for the backchannel alone', async () => {
  const { idp } = await start()
  const url = new URL(`${idp.issuer}/auth`)
  url.search = new URLSearchParams({
    client_id: 'agent-app',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'http://127.0.0.1/callback',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([action]),
  }).toString()
  const response = await fetch(url, { redirect: 'manual', headers: { traceparent } })
  expect(new URL(response.headers.get('location') ?? '').searchParams.get('error')).toBe(
    'invalid_authorization_details',
  )
})

async function soon<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

it('one action is a list of one, and nothing that is like a list', () => {
  expect(actionIn(JSON.stringify([action]))).toEqual(action)
  expect(actionIn(JSON.stringify({ 0: action, length: 1 }))).toBeUndefined()
})
