import { newTraceparent, scopes } from '@lab/contract'
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openAiModel } from '../parties/model/index.ts'
import { PatternRunner } from './pattern-runner.ts'
import type { FrontDoor } from './start-mcp-server.ts'
import { startAgentThatAsks } from './testing/consent.ts'

let runner: PatternRunner | undefined
afterEach(async () => {
  vi.useRealTimers()
  await runner?.stop()
})

/** A model that wants ten calls in each of so many turns, and takes its time before each turn but the first. */
function slowModel(turns: number, seconds: number) {
  let turn = 0
  const fetch: typeof globalThis.fetch = async () => {
    if (turn++ > 0) later(seconds)
    const tool_calls = Array.from({ length: 10 }, (_, index) => ({
      id: `call-${turn}-${index}`,
      type: 'function',
      function: { name: 'list_expenses', arguments: '{}' },
    }))
    const message = turn > turns ? { content: 'done' } : { content: null, tool_calls }
    const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }
    return Response.json({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [choice] })
  }
  return () => openAiModel({ model: 'm', env: { OPENAI_API_KEY: 'key' }, fetch })
}

/** Everybody's clock, so many seconds later. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000, shouldAdvanceTime: true })
}

/** Refuses the first access token of this kind for good, as an MCP server does whose clock is ahead. */
function refusingFirst(kind: (scope: string) => boolean): FrontDoor {
  let refused: string | undefined
  return {
    around: (serve) => async (request) => {
      const token = request.headers.get('authorization')?.slice('Bearer '.length)
      const isCall = (await request.clone().text()).includes('tools/call')
      if (isCall && token && kind(String(decodeJwt(token).scope))) refused ??= token
      if (!token || token !== refused) return serve(request)
      const headers = { 'www-authenticate': `Bearer error="invalid_token", scope="${scopes.join(' ')}"` }
      return Response.json({ error: 'invalid_token', reason: 'too old' }, { status: 401, headers })
    },
  }
}
const renewalsIn = (of: PatternRunner) =>
  of.hops.filter(({ to, request }) => to === 'idp' && request.body.includes('grant_type=refresh_token'))

describe.each(['p05', 'p06', 'p08'])(
  'a run of %s that takes longer than the token of its session',
  (which) => {
    it('goes on, with one renewal for the calls of a turn, and without a second sign-in', async () => {
      runner = await new PatternRunner(which, { model: slowModel(3, 310) }).start()
      const { toolCalls, answer, hops } = await runner.runAs('alice', 'What are my expenses?')
      expect(toolCalls.map(({ outcome }) => outcome.status)).toEqual(Array.from({ length: 30 }, () => 200))
      expect(answer).toBe('done')
      expect(renewalsIn(runner)).toHaveLength(2)
      expect(hops.filter(({ request }) => request.body.includes('authorization_code'))).toHaveLength(1)
    })
  },
)

describe('a token that the MCP server refuses before its time', () => {
  it('is renewed once for ten calls, and each call is made again once', async () => {
    runner = await new PatternRunner('p06', {
      model: slowModel(1, 0),
      frontDoor: refusingFirst(() => true),
    }).start()
    const { toolCalls } = await runner.runAs('alice', 'What are my expenses?')
    expect(toolCalls.map(({ outcome }) => outcome.status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(renewalsIn(runner)).toHaveLength(1)
  })

  it('stays refused, with the reason of the server, where another one is refused too', async () => {
    const around: FrontDoor['around'] = (serve) => async (request) =>
      (await request.clone().text()).includes('tools/call')
        ? Response.json({ error: 'invalid_token', reason: 'never' }, { status: 401 })
        : serve(request)
    runner = await new PatternRunner('p06', { frontDoor: { around } }).start()
    const { toolCalls } = await runner.runAs('alice', 'What are my expenses?')
    expect(toolCalls).toMatchObject([{ outcome: { status: 401, code: 'invalid_token', text: 'never' } }])
    expect(renewalsIn(runner)).toHaveLength(1)
  })

  it('stays refused where the session has ended meanwhile', async () => {
    const frontDoor = refusingFirst(() => true)
    runner = await new PatternRunner('p06', { frontDoor }).start()
    const { sessions, idp } = runner.stack
    await sessions.tokensOf('alice', newTraceparent())
    await idp.admin.endSessions('alice')
    const { toolCalls } = await runner.runAs('alice', 'What are my expenses?')
    expect(toolCalls).toMatchObject([{ outcome: { status: 401, code: 'invalid_token', text: 'too old' } }])
  })
})

describe('an agent that asks', () => {
  it('asks nobody where the session can be renewed', async () => {
    const started = await startAgentThatAsks([], 'p06', { frontDoor: refusingFirst(() => true) })
    runner = started.runner
    const { toolCalls } = await runner.runAs('alice', 'What are my expenses?')
    expect(toolCalls).toMatchObject([{ outcome: { status: 200 } }])
    expect(started.asked).toEqual([])
    expect(renewalsIn(runner)).toHaveLength(1)
    // Renewed where it is kept: the refresh token that was used is nowhere used again.
    later(280)
    expect((await runner.runAs('alice', 'What are my expenses?')).toolCalls[0]?.outcome.status).toBe(200)
    expect(renewalsIn(runner)).toHaveLength(2)
  })

  it('asks once, and renews what was granted by that', async () => {
    const frontDoor = refusingFirst((scope) => scope.includes('approve'))
    const started = await startAgentThatAsks([{ username: 'bob', answer: 'allow' }], 'p06', { frontDoor })
    runner = started.runner
    const { toolCalls } = await runner.runAs('bob', 'Approve expense 103.')
    expect(toolCalls).toMatchObject([{ outcome: { status: 200 } }])
    expect(started.asked).toHaveLength(1)
    expect(renewalsIn(runner)).toHaveLength(1)
  })

  it('asks again where the session has ended', async () => {
    const frontDoor = refusingFirst(() => true)
    const started = await startAgentThatAsks([{ username: 'alice', answer: 'allow' }], 'p06', { frontDoor })
    runner = started.runner
    const { sessions, idp } = runner.stack
    await sessions.tokensOf('alice', newTraceparent())
    await idp.admin.endSessions('alice')
    const { toolCalls } = await runner.runAs('alice', 'What are my expenses?')
    expect(toolCalls).toMatchObject([{ outcome: { status: 200 } }])
    expect(started.asked).toHaveLength(1)
    // For what the session had: the challenge names all that there is.
    expect(started.asked[0]?.searchParams.get('scope')).toBe(
      'openid expenses:read expenses:write documents:read',
    )
  })
})
