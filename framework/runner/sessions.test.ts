import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type IdentityProvider, startEmbeddedIdp } from '../parties/idp/index.ts'
import { readRealm } from '../scenario/realm/index.ts'
import { clientOf } from '../scenario/realm/lookup.ts'
import { Sessions } from './sessions.ts'

const realm = readRealm()
const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
let idp: IdentityProvider
/** The grants that the token endpoint was asked for, in order. */
let grants: (string | null)[] = []
let down = false
const sending: typeof fetch = (input, init) => {
  if (down) return Promise.reject(new TypeError('fetch failed'))
  if (String(input).endsWith('/token')) grants.push(new URLSearchParams(String(init?.body)).get('grant_type'))
  return fetch(input, init)
}
const [signIn, renewal] = ['authorization_code', 'refresh_token']

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm, audit: () => {} })
})
afterAll(() => idp.close())
beforeEach(() => {
  grants = []
  down = false
})
afterEach(async () => {
  vi.useRealTimers()
  await idp.admin.reset()
})

const sessionsOf = (clientId = 'agent-app') => new Sessions(realm, clientOf(realm, clientId), idp, sending)

/** Everybody's clock, so many seconds later. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000, shouldAdvanceTime: true })
}

describe('a sign-in', () => {
  it('is one for all who ask at the same time, and another for each user', async () => {
    const sessions = sessionsOf()
    const users = ['alice', 'alice', 'bob', 'alice']
    const tokens = await Promise.all(users.map((user) => sessions.accessTokenOf(user, traceparent)))
    expect(grants).toEqual([signIn, signIn])
    expect(new Set(tokens).size).toBe(2)
    expect(tokens[0]).toBe(tokens[3])
  })

  it('fails for all who wait, and is tried again for the next', async () => {
    down = true
    const sessions = sessionsOf()
    const asking = [1, 2].map(() => sessions.accessTokenOf('alice', traceparent))
    for (const each of asking) await expect(each).rejects.toMatchObject({ code: 'idp_unavailable' })
    down = false
    expect(await sessions.accessTokenOf('alice', traceparent)).toMatch(/^ey/)
  })
})

describe('a session whose token ends soon', () => {
  it('is renewed once for all who ask, without its user', async () => {
    const sessions = sessionsOf()
    const before = await sessions.accessTokenOf('alice', traceparent)
    later(260)
    expect(await sessions.accessTokenOf('alice', traceparent)).toBe(before)
    later(15)
    const run = await sessions.during('alice', traceparent)
    const asking = Array.from({ length: 20 }, (_, index) =>
      index % 2 ? sessions.accessTokenOf('alice', traceparent) : run.tokens().then((t) => t.accessToken),
    )
    const tokens = new Set(await Promise.all(asking))
    expect(tokens.size).toBe(1)
    expect(tokens).not.toContain(before)
    expect(grants).toEqual([signIn, renewal])
    // The refresh token was another one: a second renewal by the first would end the session.
    later(280)
    await sessions.accessTokenOf('alice', traceparent)
    expect(grants).toEqual([signIn, renewal, renewal])
  })

  it('goes on with the token that holds where the IdP is down, and is renewed when that is back', async () => {
    const sessions = sessionsOf()
    const before = await sessions.accessTokenOf('alice', traceparent)
    later(280)
    down = true
    expect(await sessions.accessTokenOf('alice', traceparent)).toBe(before)
    later(30)
    await expect(sessions.accessTokenOf('alice', traceparent)).rejects.toMatchObject({
      code: 'idp_unavailable',
    })
    down = false
    expect(await sessions.accessTokenOf('alice', traceparent)).not.toBe(before)
    expect(grants).toEqual([signIn, renewal])
  })

  it('begins anew where it has ended: for a next run, and once for all', async () => {
    const sessions = sessionsOf()
    await sessions.accessTokenOf('alice', traceparent)
    await idp.admin.endSessions('alice')
    later(280)
    const asking = [1, 2, 3].map(() => sessions.accessTokenOf('alice', traceparent))
    expect(new Set(await Promise.all(asking)).size).toBe(1)
    expect(grants).toEqual([signIn, renewal, signIn])
  })

  it('begins anew after the idle time, as for a notebook that stayed open', async () => {
    const sessions = sessionsOf()
    await sessions.accessTokenOf('alice', traceparent)
    later(realm.sessionIdle + 60)
    expect(await sessions.accessTokenOf('alice', traceparent)).toMatch(/^ey/)
    expect(grants).toEqual([signIn, renewal, signIn])
  })

  it('is not renewed all the time where the IdP does not say when it ends', async () => {
    const silent: typeof fetch = async (input, init) => {
      const response = await sending(input, init)
      if (!String(input).endsWith('/token')) return response
      const { expires_in: _, ...rest } = (await response.json()) as Record<string, unknown>
      return Response.json(rest)
    }
    const sessions = new Sessions(realm, clientOf(realm, 'agent-app'), idp, silent)
    await sessions.accessTokenOf('alice', traceparent)
    await sessions.accessTokenOf('alice', traceparent)
    expect(grants).toEqual([signIn])
  })
})

describe('a token that is refused in the middle of a run', () => {
  it('is replaced once for all calls that it was refused to', async () => {
    const sessions = sessionsOf()
    const run = await sessions.during('alice', traceparent)
    const { accessToken: refused } = await run.tokens()
    const first = await run.renewed(refused)
    const others = await Promise.all([1, 2, 3].map(() => run.renewed(refused)))
    expect(first?.accessToken).not.toBe(refused)
    for (const other of others) expect(other?.accessToken).toBe(first?.accessToken)
    expect((await run.tokens()).accessToken).toBe(first?.accessToken)
    expect(grants).toEqual([signIn, renewal])
  })

  it('stays refused where the session has ended: nobody signs in again behind its back', async () => {
    const sessions = sessionsOf()
    const run = await sessions.during('alice', traceparent)
    const { accessToken: refused } = await run.tokens()
    await idp.admin.endSessions('alice')
    expect(await run.renewed(refused)).toBeUndefined()
    expect((await run.tokens()).accessToken).toBe(refused)
    expect(grants).toEqual([signIn, renewal])
  })

  it('says so where the IdP does not answer', async () => {
    const run = await sessionsOf().during('alice', traceparent)
    const { accessToken: refused } = await run.tokens()
    down = true
    await expect(run.renewed(refused)).rejects.toMatchObject({ code: 'idp_unavailable' })
    down = false
    expect((await run.renewed(refused))?.accessToken).not.toBe(refused)
  })

  it('stays refused where the sessions were forgotten meanwhile', async () => {
    const sessions = sessionsOf()
    const run = await sessions.during('alice', traceparent)
    const { accessToken } = await run.tokens()
    sessions.forget()
    expect(await run.renewed(accessToken)).toBeUndefined()
    expect((await run.tokens()).accessToken).toBe(accessToken)
  })
})
