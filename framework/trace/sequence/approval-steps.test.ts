import { describe, expect, it } from 'vitest'
import type { Hop } from '../recorder/hop.ts'
import { asRecorded, callSteps } from './call-steps.ts'
import { arrowLines, arrowsOf } from './sequence.ts'

const action = {
  type: 'tool_call',
  locations: ['directory'],
  tool: 'set_user_role',
  arguments: { user: 'dave', role: 'admin' },
}

function hop(
  from: string,
  form: Record<string, string>,
  [started, duration]: [number, number],
  answer: { status?: number; body?: object; dpop?: boolean } = {},
): Hop {
  const { status = 200, body = {}, dpop = false } = answer
  return {
    from,
    to: 'idp',
    method: 'POST',
    url: 'http://idp/x',
    request: { headers: dpop ? { dpop: '‹proof›' } : {}, body: `${new URLSearchParams(form)}` },
    response: { headers: {}, body: JSON.stringify(body), status },
    tokens: [],
    started,
    duration,
  } as unknown as Hop
}

const question = (details = JSON.stringify([action]), answer = {}) =>
  hop('mcp-server', { authorization_details: details }, [0, 5], { body: { auth_req_id: '‹1›' }, ...answer })
const poll = (time: [number, number], answer: Parameters<typeof hop>[3], id = '‹1›') =>
  hop('mcp-server', { auth_req_id: id }, time, { dpop: true, ...answer })
const said = (answer: string, status = 200) => hop('person', { ticket: '‹2›', answer }, [30, 40], { status })

const pending = { status: 400, body: { error: 'authorization_pending' } }
const token = { body: { access_token: '‹jwt for directory sha256:1›' } }
const lines = (...hops: Hop[]) => arrowsOf(callSteps(hops, asRecorded)).flatMap(arrowLines)

describe('a question to the user is one step', () => {
  it('that ends with a refusal where she says no', () => {
    const no = { status: 400, body: { error: 'access_denied', error_description: 'the user said no' } }
    const steps = callSteps([question(), said('refuse'), poll([6, 50], no)], asRecorded)
    expect(steps).toMatchObject([
      { asks: 'ask the user: set_user_role, user dave, role admin', refused: true },
      { from: 'person', asks: 'no', refused: false },
    ])
    expect(steps[0]?.answer).toBe('400 the user said no')
  })

  it('with her yes before the token, however often the client polled and whoever was told first', () => {
    expect(lines(question(), poll([6, 10], pending), said('approve'), poll([20, 30], token))).toEqual([
      'mcp-server → idp: ask the user: set_user_role, user dave, role admin',
      "    mcp-server's secret + no token + DPoP proof",
      'person → idp: yes',
      '    signed in on the page of the question',
      'person ← idp: 200',
      'mcp-server ← idp: ‹jwt for directory sha256:1›',
    ])
  })

  it('that is refused before anybody is asked, and polls for nobody else', () => {
    const full = { status: 400, body: { error: 'access_denied' } }
    expect(lines(question(undefined, full), poll([6, 10], token, '‹other›')).slice(2)).toEqual([
      'mcp-server ← idp: 400 access_denied',
    ])
  })

  it.each(['', '[]', 'null', '[{"tool":"x"}]'])('about %j, which names no action', (details) => {
    expect(lines(question(details))[0]).toBe('mcp-server → idp: ask the user: about an action')
  })
})

it('an answer that is refused is shown as refused', () => {
  expect(callSteps([said('approve', 403)], asRecorded)).toMatchObject([{ asks: 'yes', refused: true }])
})
