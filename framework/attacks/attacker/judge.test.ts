import type { AuditRecord } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import type { Hop, Party } from '../../trace/recorder/hop.ts'
import type { Effect } from './effect.ts'
import { judge } from './judge.ts'

const snapshot = { expenses: [], documents: [], users: [] }

function effect(found: { readonly records?: AuditRecord[]; readonly sent?: Hop[] }): Effect {
  return { before: snapshot, after: snapshot, records: [], changed: [], sent: [], ...found }
}

function record(changes: Partial<AuditRecord>): AuditRecord {
  return {
    time: '2026-11-21T00:00:00.000Z',
    trace: 'a'.repeat(32),
    pattern: 'mine',
    service: 'expenses',
    action: 'expenses:read',
    resources: [],
    decision: 'deny',
    decidedBy: 'nobody',
    reason: 'the token does not hold',
    status: 401,
    ...changes,
  }
}

function hop(to: Party, status: number, body = ''): Hop {
  return {
    trace: '',
    from: 'attacker',
    to,
    method: 'GET',
    url: 'http://127.0.0.1:1/expenses',
    request: { headers: {}, body: '' },
    response: { status, headers: {}, body },
    tokens: [],
    started: 0,
    duration: 1,
  }
}

describe('blocked', () => {
  it('by a refusal that was recorded', () => {
    const verdict = judge(effect({ records: [record({})] }), { succeeded: false, how: 'how' })
    expect(verdict).toMatchObject({ outcome: 'blocked', reason: 'the token does not hold' })
  })

  it('by the token endpoint, which says its refusals as 400', () => {
    const verdict = judge(effect({ sent: [hop('idp', 400, '{"error":"invalid_scope"}')] }), {
      succeeded: false,
      how: 'how',
    })
    expect(verdict.outcome).toBe('blocked')
    expect(verdict.reason).toContain('invalid_scope')
  })

  it('by records that tell the truth', () => {
    const served = record({ decision: 'allow', status: 200 })
    const verdict = judge(effect({ records: [served] }), {
      succeeded: false,
      how: 'how',
      otherwise: 'the record names dave',
    })
    expect(verdict).toMatchObject({ outcome: 'blocked', reason: 'the record names dave' })
  })
})

it('a success is one whatever else went wrong', () => {
  const verdict = judge(effect({ sent: [hop('expenses', 500)] }), {
    succeeded: true,
    how: 'rows were let out',
  })
  expect(verdict).toMatchObject({ outcome: 'succeeds', reason: 'rows were let out' })
})

describe('an attack that proves nothing is an error, and never blocked', () => {
  it.each([
    ['nothing came of it and nobody refused it', effect({})],
    ['a service was out', effect({ records: [record({ decision: 'error', status: 503 })] })],
    ['a service broke', effect({ records: [record({})], sent: [hop('expenses', 500)] })],
    ['the IdP broke', effect({ records: [record({})], sent: [hop('idp', 500)] })],
    ['the request was malformed', effect({ records: [record({})], sent: [hop('expenses', 400)] })],
    ['there was no such path', effect({ records: [record({})], sent: [hop('expenses', 404)] })],
    ['the HTTP request to the MCP server was malformed', effect({ sent: [hop('mcp-server', 400)] })],
    [
      'the arguments of a tool call were malformed',
      effect({
        records: [record({})],
        sent: [
          hop('mcp-server', 200, '{"result":{"structuredContent":{"status":400,"error":"invalid_request"}}}'),
        ],
      }),
    ],
  ])('%s', (_what, found) => {
    expect(() => judge(found, { succeeded: false, how: 'how', otherwise: undefined })).toThrow(
      'could not be carried out',
    )
  })

  it('not even where the records tell the truth', () => {
    expect(() =>
      judge(effect({ sent: [hop('documents', 503)] }), {
        succeeded: false,
        how: 'how',
        otherwise: 'all is well',
      }),
    ).toThrow('could not be carried out')
  })
})
