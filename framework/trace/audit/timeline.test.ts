import type { AuditRecord } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import type { AuditEvent } from './event.ts'
import { decisiveRecord } from './records.ts'
import { readEvents, timelineOf, tracesIn } from './timeline.ts'

const at = (second: number, changes: Partial<AuditEvent>): AuditEvent => ({
  time: `2026-11-20T10:00:0${second}Z`,
  source: 'expenses',
  action: 'asks',
  outcome: 'allow',
  ...changes,
})
const [one, other] = ['1'.repeat(32), `12${'0'.repeat(30)}`]

describe('a timeline', () => {
  const events = [
    at(3, { trace: one, jti: 'token' }),
    at(1, { source: 'idp', jti: 'token' }),
    at(2, { source: 'idp', jti: 'another token' }),
    at(4, { source: 'idp' }),
    at(5, { trace: other, jti: 'token' }),
  ]

  it.each(['3', 'last'])('is not there for a trace that is not there (%s)', (wanted) => {
    expect(() => timelineOf(events, wanted)).toThrow(UserError)
  })

  it('is not there where the digits are those of two traces', () => {
    expect(() => timelineOf(events, '1')).toThrow('more than one trace')
  })

  it('has what carries its id, and what an IdP without tracing wrote about its tokens, in order', () => {
    expect(timelineOf(events, '11').map(({ time }) => time.at(-2))).toEqual(['1', '3'])
  })

  it('is the one of the last trace, where that is wanted', () => {
    const named = events.map((event) => ({ ...event, pattern: 'p06' }))
    expect(timelineOf(named, 'last')).toMatchObject([{ time: at(1, {}).time }, { trace: other }])
  })
})

it('lists the traces of calls alone, in the order of their last events', () => {
  const events = [
    at(1, { trace: one, pattern: 'p06', outcome: 'deny' }),
    at(2, { trace: other, pattern: 'p06', user: 'bob' }),
    at(3, { trace: '3', source: 'idp', pattern: 'p06' }),
    at(4, { trace: '4' }),
    at(5, { pattern: 'p06' }),
    at(6, { trace: one, pattern: 'p07' }),
  ]
  expect(tracesIn(events)).toMatchObject([
    { trace: other, user: 'bob' },
    { trace: one, pattern: 'p07', outcome: 'allow', user: '–' },
  ])
})

it('names the log that cannot be read', async () => {
  await expect(readEvents(['/nowhere/audit.jsonl'])).rejects.toThrow(
    new UserError('/nowhere/audit.jsonl cannot be read (ENOENT): use --log with a file that can be read'),
  )
})

describe('the record that settled a call', () => {
  const record = (service: AuditRecord['service'], decision: AuditRecord['decision']) =>
    ({ service, decision }) as AuditRecord

  it.each<[string, AuditRecord[], AuditRecord | undefined]>([
    ["is not the IdP's", [record('idp', 'deny')], undefined],
    ["is not the MCP server's yes", [record('mcp-server', 'allow')], undefined],
    ["is the MCP server's no", [record('mcp-server', 'deny')], record('mcp-server', 'deny')],
    [
      "is a service's, the last one",
      [record('expenses', 'deny'), record('expenses', 'allow'), record('mcp-server', 'allow')],
      record('expenses', 'allow'),
    ],
  ])('%s', (_what, audit, expected) => {
    expect(decisiveRecord(audit)).toEqual(expected)
  })
})
