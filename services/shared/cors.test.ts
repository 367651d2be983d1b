import { AuthError } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { byRoles, startService } from '../testing/service.ts'

const docsOrigin = 'http://127.0.0.1:3600'
const refused = async () => {
  throw new AuthError('access_denied', 'no')
}

const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,dpop,content-type',
  },
})

/** The headers of an answer that open it to a page (Fetch, section 3.3.3). */
function corsHeaders({ headers }: { headers: Headers }) {
  return [...headers].filter(([name]) => name.startsWith('access-control-'))
}

describe('a browser’s page of another origin', () => {
  it('reads nothing where no page is served, its own origin or not', async () => {
    const { send } = startService('expenses', byRoles('alice'))
    for (const origin of [docsOrigin, 'null', 'https://evil.example']) {
      expect(corsHeaders(await send('/expenses', { headers: { origin } }))).toEqual([])
      const asked = await send('/expenses', preflight(origin))
      expect(corsHeaders(asked)).toEqual([])
      expect(asked.status).toBe(403)
    }
  })

  it.each(['https://evil.example', 'http://localhost:3600', 'null', ''])(
    'changes nothing from %j, though a browser sends its plain POST without asking',
    async (origin) => {
      const { send, database, records } = startService('expenses', { method: 'none', policy: 'nobody' })
      const before = database.snapshot()
      for (const [path, body] of [
        ['/expenses/103/approve', ''],
        ['/expenses', '{"amount":42,"description":"Lunch"}'],
      ] as const) {
        const { status, body: answer } = await send(path, { method: 'POST', headers: { origin }, body })
        expect([status, answer]).toMatchObject([403, { error: 'forbidden_origin' }])
      }
      expect(database.snapshot()).toEqual(before)
      expect(records).toEqual([])
    },
  )

  it.each(['https://evil.example', 'http://127.0.0.1:3601', 'http://localhost:3600', 'null'])(
    'reads nothing from %s, where the documentation page is served',
    async (origin) => {
      const { send } = startService('expenses', byRoles('alice'), { docsOrigin })
      expect(corsHeaders(await send('/expenses', { headers: { origin } }))).toEqual([])
      // What else a preflight answers opens nothing without this one.
      const { headers } = await send('/expenses', preflight(origin))
      expect(headers.has('access-control-allow-origin')).toBe(false)
    },
  )
})

describe('the documentation page', () => {
  it('may ask with a credential, and with nothing that it does not need', async () => {
    const { send } = startService('expenses', byRoles('alice'), { docsOrigin })
    const { status, headers } = await send('/expenses', preflight(docsOrigin))
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(docsOrigin)
    expect(headers.get('access-control-allow-headers')).toBe('content-type,authorization,dpop,x-api-key')
    expect(headers.get('access-control-allow-methods')).toBe('GET,POST,PUT')
    expect(headers.has('access-control-allow-credentials')).toBe(false)
  })

  it('reads answers, refusals, and the OpenAPI document', async () => {
    const init = { headers: { origin: docsOrigin } }
    const { send } = startService('expenses', byRoles('alice'), { docsOrigin })
    const { send: sendRefused } = startService('expenses', refused, { docsOrigin })
    for (const [answer, status] of [
      [await send('/expenses', init), 200],
      [await send('/expenses/0/approve', { ...init, method: 'POST' }), 400],
      [await sendRefused('/expenses', init), 403],
      [await send('/openapi.json', init), 200],
    ] as const) {
      expect(answer.status).toBe(status)
      expect(corsHeaders(answer)).toEqual([['access-control-allow-origin', docsOrigin]])
      // A cache must not hand the answer for one origin to another.
      expect(answer.headers.get('vary')).toContain('Origin')
    }
  })
})

it('a program, which names no origin, is served beside the documentation page', async () => {
  const service = startService('expenses', byRoles('bob'), { docsOrigin: 'http://127.0.0.1:4180' })
  expect((await service.send('/expenses')).status).toBe(200)
})
