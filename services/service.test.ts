import { AuthError, type AuthErrorCode, type AuthScheme, type Pdp, serviceNames } from '@lab/contract'
import { describe, expect, it, vi } from 'vitest'
import { byOpa, byRoles, json, startService } from './testing/service.ts'

const refused = (code: AuthErrorCode, reason = 'because', scheme?: AuthScheme) =>
  startService('expenses', async () => {
    throw new AuthError(code, reason, scheme && { scheme })
  })

describe('a caller whose credential does not hold', () => {
  const why = 'error_description="because"'
  const scope = 'scope="expenses:read"'
  it.each([
    ['missing_credential', 'Bearer', `Bearer realm="expenses", ${scope}`],
    ['missing_credential', 'DPoP', `DPoP realm="expenses", algs="ES256", ${scope}`],
    ['missing_credential', 'ApiKey', 'ApiKey realm="expenses"'],
    ['invalid_token', undefined, `Bearer realm="expenses", error="invalid_token", ${why}, ${scope}`],
    ['invalid_api_key', 'ApiKey', `ApiKey realm="expenses", error="invalid_api_key", ${why}`],
    [
      'invalid_dpop_proof',
      'DPoP',
      `DPoP realm="expenses", algs="ES256", error="invalid_dpop_proof", ${why}, ${scope}`,
    ],
  ] as const)('gets a 401 with a challenge for %s (%s)', async (code, scheme, challenge) => {
    const service = refused(code, 'because', scheme)
    const { status, headers, body } = await service.send('/expenses')
    expect(status).toBe(401)
    expect(body).toEqual({ error: code, reason: 'because' })
    expect(headers.get('www-authenticate')).toBe(challenge)
    expect(service.records).toMatchObject([
      { decision: 'deny', decidedBy: 'nobody', reason: 'because', status: 401, resources: [] },
    ])
  })

  it('is challenged for the scheme that it came with, where none was looked for', async () => {
    const { headers } = await refused('invalid_token').send('/expenses', {
      headers: { authorization: 'DPoP x' },
    })
    expect(headers.get('www-authenticate')).toMatch(/^DPoP /)
  })

  it('cannot break out of the quotes of the challenge', async () => {
    const { headers } = await refused('invalid_token', 'unexpected "aud", \\ naïve\r\nx: y').send('/expenses')
    expect(headers.get('www-authenticate')).toContain(`error_description="unexpected 'aud',   na ve  x: y"`)
  })

  it('learns nothing about the input: it is refused first', async () => {
    const { status } = await refused('missing_credential').send('/expenses', json('POST', { amount: -1 }))
    expect(status).toBe(401)
  })
})

describe('a caller who is refused or cannot be answered', () => {
  it('gets a 403 without a challenge where no token would help', async () => {
    const { status, headers } = await refused('access_denied').send('/expenses')
    expect([status, headers.get('www-authenticate')]).toEqual([403, null])
  })

  it('gets a 403 that names the scope where another token would', async () => {
    const pdp = { decide: async () => [{ allow: false, rule: 'scope/scope_missing', reason: 'not granted' }] }
    const service = startService('expenses', byOpa('alice', ['expenses:read']), { pdp })
    const { status, headers, body } = await service.send('/expenses/103/approve', { method: 'POST' })
    expect(status).toBe(403)
    expect(body).toEqual({ error: 'insufficient_scope', reason: 'not granted' })
    expect(headers.get('www-authenticate')).toMatch(/error="insufficient_scope".* scope="expenses:approve"/)
    expect(service.records).toMatchObject([
      {
        decision: 'deny',
        decidedBy: 'opa',
        rule: 'scope/scope_missing',
        resources: ['expense:103'],
        status: 403,
      },
    ])
  })

  it.each(['idp_unavailable', 'replay_cache_full', 'replay_store_unavailable'] as const)(
    'gets a 503 without a challenge for %s',
    async (code) => {
      const service = refused(code)
      const { status, headers } = await service.send('/expenses')
      expect([status, headers.get('www-authenticate')]).toEqual([503, null])
      expect(service.records).toMatchObject([{ decision: 'error', decidedBy: 'nobody', status: 503 }])
    },
  )

  it.each([
    ['expenses', '/expenses', undefined],
    ['expenses', '/expenses', json('POST', { amount: 42, description: 'Lunch' })],
    ['expenses', '/expenses/103/approve', { method: 'POST' }],
    ['documents', '/documents?query=runbook', undefined],
    ['directory', '/users/dave/role', json('PUT', { role: 'admin' })],
  ] as const)(
    'gets a 503 from %s %s where the policy does not answer, and nothing changes',
    async (name, path, init) => {
      const service = startService(name, byOpa('alice', ['expenses:read']))
      const before = service.database.snapshot()
      const { status, body } = await service.send(path, init)
      expect(status).toBe(503)
      expect(body).toEqual({ error: 'pdp_unavailable', reason: 'the policy does not answer' })
      expect(service.database.snapshot()).toEqual(before)
      expect(service.records).toMatchObject([
        { user: 'alice', decision: 'error', decidedBy: 'nobody', status: 503 },
      ])
    },
  )

  it('gets a 500 that tells nothing for an error that nobody foresaw', async () => {
    const cause = new TypeError('the key is sk-secret')
    const service = startService('expenses', () => Promise.reject(cause))
    const { status, body } = await service.send('/expenses')
    expect(status).toBe(500)
    expect(JSON.stringify([body, service.records])).not.toContain('sk-secret')
    expect(service.records).toMatchObject([
      { decision: 'error', reason: 'unexpected TypeError', status: 500 },
    ])
    expect(service.errors).toEqual([cause])
  })
})

describe('what was allowed and then went wrong', () => {
  it('is recorded as an error and never as an allow', async () => {
    const service = startService('expenses', byRoles('bob'))
    vi.spyOn(service.database.expenses, 'approve').mockImplementation(() => {
      throw new TypeError('the disk is full')
    })
    const { status } = await service.send('/expenses/103/approve', { method: 'POST' })
    expect(status).toBe(500)
    expect(service.records).toMatchObject([
      { decision: 'error', reason: 'unexpected TypeError', status: 500 },
    ])
  })
})

describe('input that is not what it should be', () => {
  const oversized = 'x'.repeat(64 * 1024)
  const text = { 'content-type': 'application/json' }
  it.each([
    ['expenses', '/expenses', { method: 'POST', headers: text, body: '{"amount": 42, ' }],
    ['expenses', '/expenses', { method: 'POST', headers: text, body: '' }],
    ['expenses', '/expenses', { method: 'POST', headers: text }],
    ['expenses', '/expenses', { method: 'POST', body: '{"amount":42,"description":"x"}' }],
    ['expenses', '/expenses', json('POST', [])],
    ['expenses', '/expenses', json('POST', null)],
    ['expenses', '/expenses', json('POST', { description: 'no amount' })],
    ['expenses', '/expenses', json('POST', { amount: '42', description: 'text' })],
    ['expenses', '/expenses', json('POST', { amount: 0, description: 'nothing' })],
    ['expenses', '/expenses', json('POST', { amount: 1e-300, description: 'nothing' })],
    ['expenses', '/expenses', json('POST', { amount: 0.004, description: 'less than a cent' })],
    ['expenses', '/expenses', json('POST', { amount: 0.011, description: 'part of a cent' })],
    ['expenses', '/expenses', json('POST', { amount: 0.010000000000000002, description: 'not quite' })],
    ['expenses', '/expenses', json('POST', { amount: 42, description: 'Lunch\n{"time":"now"}' })],
    ['expenses', '/expenses', json('POST', { amount: 42, description: 'Lunch\u0000' })],
    ['expenses', '/expenses', json('POST', { amount: 42, description: 'Lunch \u202ehcnul' })],
    ['documents', `/documents?query=${encodeURIComponent('a\u001b[2J')}`, {}],
    ['expenses', '/expenses', json('POST', { amount: -42, description: 'less' })],
    ['expenses', '/expenses', json('POST', { amount: 10_000.01, description: 'too much' })],
    ['expenses', '/expenses', json('POST', { amount: 0.005, description: 'half a cent' })],
    ['expenses', '/expenses', { ...json('POST', {}), body: '{"amount":1e999,"description":"infinite"}' }],
    ['expenses', '/expenses', json('POST', { amount: 42, description: '   ' })],
    ['expenses', '/expenses', json('POST', { amount: 42, description: 'x'.repeat(201) })],
    ['expenses', '/expenses', json('POST', { amount: 42, description: 'x', owner: 'bob' })],
    ['expenses', '/expenses', json('POST', { amount: 42, description: oversized })],
    ['expenses', '/expenses?owner=', {}],
    ['expenses', '/expenses?owner=BOB', {}],
    ['expenses', '/expenses?owner=alice&owner=bob', {}],
    ['expenses', '/expenses?user=bob', {}],
    ['expenses', '/expenses/0/approve', { method: 'POST' }],
    ['expenses', '/expenses/103.5/approve', { method: 'POST' }],
    ['expenses', '/expenses/one/approve', { method: 'POST' }],
    ['expenses', '/expenses/99999999999999999999/approve', { method: 'POST' }],
    ['documents', '/documents', {}],
    ['documents', '/documents?query=', {}],
    ['documents', '/documents?query=%20', {}],
    ['documents', `/documents?query=${'x'.repeat(201)}`, {}],
    ['directory', '/users/dave/role', json('PUT', { role: 'root' })],
    ['directory', '/users/dave/role', json('PUT', { role: ['admin'] })],
    ['directory', '/users/dave/role', json('PUT', {})],
    ['directory', '/users/dave/role', json('PUT', { role: 'user', department: 'finance' })],
    ['directory', '/users/DAVE/role', json('PUT', { role: 'user' })],
  ] as const)('gets a 400 from %s %s and changes nothing (%#)', async (name, path, init) => {
    const service = startService(name, byRoles('alice'))
    const before = service.database.snapshot()
    const { status, body } = await service.send(path, init)
    expect(status).toBe(400)
    expect(body).toEqual({ error: 'invalid_request', reason: expect.stringMatching(/\w/) })
    expect(service.database.snapshot()).toEqual(before)
    expect(service.records).toEqual([])
  })

  it('is named by its field, without its value', async () => {
    const service = startService('expenses', byRoles('alice'))
    const { body } = await service.send('/expenses', json('POST', { amount: 'sk-secret', description: 'x' }))
    expect(body).toEqual({
      error: 'invalid_request',
      reason: 'amount: must be a number, and is a string',
    })
  })

  it('is bounded too where its length is not said', async () => {
    const service = startService('expenses', byRoles('alice'))
    const piece = new TextEncoder().encode('x'.repeat(1024))
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 1
        controller.enqueue(piece)
      },
    })
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    const { status } = await service.send('/expenses', { method: 'POST', headers, body, duplex: 'half' })
    expect(status).toBe(400)
    expect(sent).toBeLessThan(100)
  })
})

describe('every service', () => {
  it.each(serviceNames)('%s: has an OpenAPI 3.1 document and a health check, for anybody', async (name) => {
    const service = startService(name, async () => {
      throw new AuthError('missing_credential', 'nobody')
    })
    const { status, body } = await service.send('/openapi.json')
    expect(status).toBe(200)
    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: `http://${name}.test` }] })
    expect(await service.send('/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(service.records).toEqual([])
  })

  it.each(serviceNames)('%s: has nothing else', async (name) => {
    const service = startService(name, byRoles('alice'))
    expect(await service.send('/admin')).toMatchObject({ status: 404, body: { error: 'not_found' } })
  })

  it('records why something was allowed, and not why something else was not', async () => {
    const pdp: Pdp = {
      decide: async () => [
        { allow: false, rule: 'r1', reason: 'not this one' },
        { allow: true, rule: 'r2', reason: 'but that one' },
      ],
    }
    const service = startService('expenses', byOpa('bob', ['expenses:read']), { pdp })
    await service.send('/expenses')
    expect(service.records).toMatchObject([
      { decision: 'allow', rule: 'r2', reason: 'but that one', resources: ['expense:105'] },
    ])
  })

  it('tells what it took the caller for, under the trace of the call', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const service = startService('expenses', byRoles('bob'))
    await service.send('/expenses', { headers: { traceparent } })
    expect(service.seen).toEqual([
      { trace: '0af7651916cd43dd8448eb211c80319c', service: 'expenses', identity: byRoles('bob') },
    ])
  })

  it('asks the policy under the trace of the call', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const traces: unknown[] = []
    const pdp: Pdp = {
      async decide(_policy, { resources }, trace) {
        traces.push(trace)
        return resources.map(() => ({ allow: true, rule: 'r', reason: 'because' }))
      },
    }
    const service = startService('expenses', byOpa('alice', ['expenses:read']), { pdp })
    await service.send('/expenses', { headers: { traceparent } })
    expect(traces).toEqual([traceparent])
  })

  it('writes one record that says who, through which agent, under whose authority, and who decided', async () => {
    const pdp = {
      decide: async () => [{ allow: true, rule: 'relationships/manager', reason: 'bob is the manager' }],
    }
    const identity = {
      method: 'delegated_jwt' as const,
      policy: 'opa/relationships' as const,
      userId: 'bob',
      actors: ['mcp-server'],
      client: 'mcp-server',
      scopes: ['expenses:approve'],
      claims: { jti: 'token-1' },
      rawToken: 'header.payload.signature',
    }
    const service = startService('expenses', identity, { pdp })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await service.send('/expenses/103/approve', { method: 'POST', headers: { traceparent } })
    expect(service.records).toEqual([
      {
        time: '2026-11-20T10:00:00.000Z',
        trace: '0af7651916cd43dd8448eb211c80319c',
        pattern: 'p00',
        service: 'expenses',
        tool: 'approve_expense',
        action: 'expenses:approve',
        resources: ['expense:103'],
        method: 'delegated_jwt',
        user: 'bob',
        actors: ['mcp-server'],
        client: 'mcp-server',
        scopes: ['expenses:approve'],
        jti: 'token-1',
        decision: 'allow',
        decidedBy: 'opa',
        rule: 'relationships/manager',
        reason: 'bob is the manager',
        status: 200,
      },
    ])
  })
})
