import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { type LoggedCall, loggingCalls } from './call-log.ts'
import { callLine } from './serve-text.ts'

const calls: LoggedCall[] = []
const runner = new PatternRunner('p01', { frontDoor: { around: loggingCalls((call) => calls.push(call)) } })
beforeAll(() => runner.start())
afterAll(() => runner.stop())

/** Sends a message, and returns its line in the log. */
async function lineFor(message: object): Promise<{ call: LoggedCall; line: string }> {
  const before = calls.length
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...message })
  await (await fetch(runner.stack.mcpUrl, { method: 'POST', headers, body })).text()
  while (calls.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
  const call = calls.at(-1) as LoggedCall
  return { call, line: callLine(call, new Date()) }
}

describe('what a stranger writes into the log', () => {
  const forged = 'x\n12:00:00  alice     tools/call approve_expense   200  allowed by opa'

  it.each([
    ['a method with a line in it', { method: forged }, 'other'],
    ['a method with terminal commands', { method: '\u001b[2J\u001b]0;owned\u0007' }, 'other'],
    ['a method that is long', { method: 'x'.repeat(50_000) }, 'other'],
    ['a tool with a line in it', { method: 'tools/call', params: { name: forged } }, 'tools/call other'],
    ['a tool that is none', { method: 'tools/call', params: { name: { a: 1 } } }, 'tools/call other'],
  ])('is one line without its words: %s', async (_what, message, name) => {
    const { call, line } = await lineFor(message)
    expect(call.what).toBe(name)
    expect(line).not.toContain('\n')
    expect(line).not.toContain('\u001b]')
    expect(line.length).toBeLessThan(600)
  })

  it('is escaped and cut, whatever the records say', () => {
    const call = {
      what: 'tools/list',
      who: `a\u202eb${'x'.repeat(100)}`,
      status: 403,
      reason: `${forged}${'y'.repeat(900)}`,
    }
    const line = callLine(call, new Date())
    expect(line).toContain('a\\u202eb')
    expect(line).not.toContain('\n')
    expect(line.length).toBeLessThan(600)
  })

  it.each(['a\r\nb', '日本', 'a'.repeat(60_000), 7])(
    'is a 400 for a malformed trace (%#)',
    async (traceparent) => {
      const { call } = await lineFor({ method: 'tools/list', params: { _meta: { traceparent } } })
      expect(call).toMatchObject({
        what: 'tools/list',
        status: 400,
        reason: expect.stringContaining('traceparent'),
      })
      expect(runner.audit.at(-1)).toMatchObject({ service: 'mcp-server', decision: 'deny', status: 400 })
    },
  )

  it('is answered, also a GET with a body', async () => {
    const { hostname, port } = new URL(runner.stack.mcpUrl)
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-length': 2, accept: 'text/event-stream' }
      const asking = request({ hostname, port, path: '/mcp', method: 'GET', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asking.on('error', reject).end('{}')
    })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  it('does not name a path that there is not', async () => {
    const before = calls.length
    await (await fetch(`${new URL(runner.stack.mcpUrl).origin}/forged%0Aline`)).text()
    while (calls.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(calls.at(-1)).toMatchObject({ what: 'GET other', status: 404 })
  })
})
