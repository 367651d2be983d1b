import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ecsOf } from '../trace/audit/ecs.ts'
import type { AuditEvent } from '../trace/audit/event.ts'
import { openJournal } from '../trace/audit/journal.ts'
import { otlpOf } from '../trace/audit/otlp.ts'
import { readEvents, timelineOf, tracesIn } from '../trace/audit/timeline.ts'
import { PatternRunner } from './pattern-runner.ts'

const [a, b] = ['a'.repeat(32), 'ab'.repeat(16)]

function event(fields: Partial<AuditEvent>): AuditEvent {
  return { time: '2026-11-21T20:00:00.000Z', source: 'expenses', action: 'x', outcome: 'allow', ...fields }
}

describe('timelineOf', () => {
  const events = [
    event({ trace: a, time: '2026-11-21T20:00:02.000Z', pattern: 'p06', jti: 'token-1' }),
    event({ trace: a, time: '2026-11-21T20:00:01.000Z', source: 'agent' }),
    event({ trace: b, pattern: 'p06', jti: 'token-2' }),
    event({ source: 'idp', time: '2026-11-21T20:00:01.500Z', jti: 'token-1' }),
    event({ source: 'idp', jti: 'token-3' }),
  ]

  it('refuses a trace that is not there', () => {
    expect(() => timelineOf(events, 'ffff')).toThrow(/there is no trace ffff in the logs/)
    expect(() => timelineOf([], 'last')).toThrow(/there is no trace last/)
  })

  it('refuses a beginning that is not unique', () => {
    expect(() => timelineOf(events, 'a')).toThrow(/more than one trace begins with a/)
  })

  it('gives the events of one trace in order, with those that name its tokens', () => {
    expect(timelineOf(events, 'aaa').map(({ source }) => source)).toEqual(['agent', 'idp', 'expenses'])
  })

  it('knows which trace came last', () => {
    expect(tracesIn(events).map(({ trace }) => trace)).toEqual([a, b])
    expect(timelineOf(events, 'last')).toEqual([events[2]])
  })
})

describe('the exports', () => {
  const denied = event({
    trace: a,
    outcome: 'deny',
    user: 'dave',
    status: 403,
    rule: 'gate/role',
    decidedBy: 'opa',
  })

  it('write ECS', () => {
    expect(ecsOf(denied)).toMatchObject({
      '@timestamp': denied.time,
      event: {
        category: ['api'],
        outcome: 'failure',
        type: ['access', 'denied'],
        dataset: 'agent_auth.expenses',
      },
      trace: { id: a },
      user: { name: 'dave' },
      http: { response: { status_code: 403 } },
      agent_auth: { decided_by: 'opa' },
    })
  })

  it.each([
    ['login', 'allow', 'start', 'success'],
    ['logout', 'allow', 'end', 'success'],
    ['token_exchange', 'deny', 'info', 'failure'],
  ] as const)('write what an IdP decides as authentication in ECS: %s', (action, outcome, type, ecs) => {
    expect(ecsOf(event({ source: 'idp', action, outcome }))).toMatchObject({
      event: { category: ['authentication'], type: [type], action, outcome: ecs },
    })
  })

  it('write OTLP, without losing what is finer than a millisecond', () => {
    const precise = { ...denied, time: '2026-11-21T20:00:00.123456789Z' }
    expect(otlpOf([precise])).toMatchObject({
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'expenses' } }] },
          scopeLogs: [
            { logRecords: [{ timeUnixNano: '1795291200123456789', traceId: a, severityText: 'WARN' }] },
          ],
        },
      ],
    })
  })
})

describe('the journal of a run', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('refuses a place where it cannot be written', () => {
    expect(() => openJournal(join(import.meta.filename, 'audit.jsonl'))).toThrow(
      /cannot be written .*set AUDIT_LOG/,
    )
  })

  it('tells one call across agent, IdP, MCP server, PDP and service, and no secret', async () => {
    const file = join(folder, 'audit.jsonl')
    const runner = await new PatternRunner('p08', { auditSink: openJournal(file) }).start()
    try {
      const { trace } = await runner.runAs('bob', 'Approve expense 103.')
      const timeline = timelineOf(await readEvents([file]), trace)
      const told = timeline.map(({ source, action, outcome }) => `${source}: ${action} ${outcome}`)
      expect(told).toEqual([
        'idp: login allow',
        'agent: asks idp: POST /token allow',
        'idp: code_exchange allow',
        'agent: asks mcp-server: server/discover allow',
        'agent: asks mcp-server: tools/list allow',
        'agent: asks mcp-server: tools/call approve_expense allow',
        'pdp: gate expenses:approve allow',
        'mcp-server: expenses:approve allow',
        'idp: token_exchange allow',
        'pdp: relationships expenses:approve allow',
        'expenses: expenses:approve allow',
      ])
      const [issued, used] = [timeline.at(-3), timeline.at(-1)]
      expect(used).toMatchObject({ user: 'bob', actors: ['mcp-server'], decidedBy: 'opa' })
      expect(used?.jti).toBe(issued?.jti)
      expect(readFileSync(file, 'utf8')).not.toMatch(/eyJ|demo-secret|demo-key/)
    } finally {
      await runner.stop()
    }
  })
})
