import { expect, it } from 'vitest'
import type { Exchange } from '../recorder/hop.ts'
import type { Recorder } from '../recorder/recorder.ts'
import { collectRequests } from './collect.ts'
import type { AuditEvent } from './event.ts'

const asked: Exchange = {
  hop: 1,
  started: 0,
  trace: 'f'.repeat(32),
  from: 'agent',
  to: 'expenses',
  method: 'GET',
  url: 'http://127.0.0.1:1/expenses?token=x',
  requestBody: '',
  status: 200,
} as unknown as Exchange

/** The events that a sink is told of an exchange. */
function toldOf(changes: Partial<Exchange>): AuditEvent[] {
  const events: AuditEvent[] = []
  const recorder = { tap: (listener: (exchange: Exchange) => void) => listener({ ...asked, ...changes }) }
  collectRequests(recorder as unknown as Recorder, (event) => events.push(event))
  return events
}
const call = (method: string, name?: unknown) => ({
  to: 'mcp-server' as const,
  url: 'http://127.0.0.1:1/mcp',
  method: 'POST',
  requestBody: JSON.stringify({ method, params: { name } }),
})

it.each<[string, Partial<Exchange>]>([
  ['what a service asks', { from: 'expenses', to: 'pdp' }],
  ['what the MCP server asks', { from: 'mcp-server' }],
  ['a model turn', { to: 'model' }],
  ['a page of a sign-in', { to: 'idp', url: 'http://127.0.0.1:1/auth' }],
])('tells nothing of %s', (_what, changes) => {
  expect(toldOf(changes)).toEqual([])
})

it.each<[string, Partial<Exchange>, string]>([
  ['a service, without the query', {}, 'asks expenses: GET /expenses'],
  ['a token', { to: 'idp', url: 'http://127.0.0.1:1/token', method: 'POST' }, 'asks idp: POST /token'],
  ['a service by an attacker', { from: 'attacker' }, 'asks expenses: GET /expenses'],
  [
    'a path without end',
    { url: `http://127.0.0.1:1/${'x'.repeat(300)}` },
    `asks expenses: GET /${'x'.repeat(199)}`,
  ],
  ['a tool', call('tools/call', 'list_expenses'), 'asks mcp-server: tools/call list_expenses'],
  ['a tool that there is not', call('tools/call', 'toString'), 'asks mcp-server: tools/call other'],
  ['a tool that has no name', call('tools/call', ['list_expenses']), 'asks mcp-server: tools/call other'],
  ['another method', call('tools/list', 'list_expenses'), 'asks mcp-server: tools/list'],
  ['a method that there is not', call('\u001b[2J'), 'asks mcp-server: other'],
  ['what is no message', { ...call(''), requestBody: '{' }, 'asks mcp-server: POST /mcp'],
])('names a request for %s', (_what, changes, action) => {
  expect(toldOf(changes)).toMatchObject([
    { action, source: changes.from ?? 'agent', trace: asked.trace, outcome: 'allow', status: 200 },
  ])
})

it.each([
  [399, 'allow'],
  [400, 'deny'],
  [499, 'deny'],
  [500, 'error'],
])('takes status %d for: %s', (status, outcome) => {
  expect(toldOf({ status })).toMatchObject([{ outcome, status }])
})
