import { afterEach, describe, expect, it } from 'vitest'
import type { PatternRunner } from './pattern-runner.ts'
import { type Answer, startAgentThatAsks } from './testing/consent.ts'

let runner: PatternRunner | undefined
afterEach(() => runner?.stop())

async function startAsking(answers: readonly Answer[], which = 'p06') {
  const started = await startAgentThatAsks(answers, which)
  runner = started.runner
  return started
}
const isApproved = (of: PatternRunner) => of.snapshot().expenses.find(({ id }) => id === 103)?.status

describe('a scope that is not given at sign-in', () => {
  it('is not used where the person says no, and the person is asked once', async () => {
    const { runner, asked } = await startAsking([{ username: 'bob', answer: 'refuse' }])
    const { toolCalls, unwilling } = await runner.runAs('bob', 'Approve expense 103.')
    expect(unwilling).toBe('said no')
    expect(toolCalls).toMatchObject([{ outcome: { isError: true, status: 403, code: 'access_denied' } }])
    expect(toolCalls[0]?.outcome.text).toMatch(/the person said no/)
    expect(asked).toHaveLength(1)
    expect(isApproved(runner)).toBe('pending')
  })

  it('is not used where nobody answers in time', async () => {
    const { runner } = await startAsking(['nobody'])
    const { toolCalls, unwilling } = await runner.runAs('bob', 'Approve expense 103.')
    expect(unwilling).toBe('gave no answer')
    expect(toolCalls).toMatchObject([{ outcome: { status: 403, code: 'interaction_required' } }])
    expect(isApproved(runner)).toBe('pending')
  })

  it('is not used where another user says yes', async () => {
    const { runner } = await startAsking([{ username: 'alice', answer: 'allow' }])
    const { toolCalls } = await runner.runAs('bob', 'Approve expense 103.')
    expect(toolCalls).toMatchObject([{ outcome: { status: 403, code: 'access_denied' } }])
    expect(toolCalls[0]?.outcome.text).toMatch(/another user/)
    expect(isApproved(runner)).toBe('pending')
  })

  it('is used where the person says yes, and for that alone', async () => {
    const { runner, asked } = await startAsking([{ username: 'bob', answer: 'allow' }])
    const { toolCalls, audit, unwilling } = await runner.runAs('bob', 'Approve expense 103.')
    expect(unwilling).toBeUndefined()
    expect(toolCalls).toMatchObject([{ outcome: { isError: false } }])
    expect(isApproved(runner)).toBe('approved')
    expect(asked).toHaveLength(1)
    // The question, in the order in which it was settled: a 403 with the scope, the yes, the call.
    expect(audit).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ service: 'mcp-server', decision: 'deny', status: 403, acr: 'pwd' }),
        expect.objectContaining({ service: 'expenses', user: 'bob', decision: 'allow' }),
      ]),
    )
    await runner.runAs('bob', 'What are my expenses?')
    expect(asked).toHaveLength(1)
  })

  it('is asked for with PKCE, `resource` and `state`, beside what was granted before', async () => {
    const { runner, asked, questions } = await startAsking([{ username: 'bob', answer: 'refuse' }])
    await runner.runAs('bob', 'Approve expense 103.')
    const query = asked[0]?.searchParams
    expect(query?.get('code_challenge_method')).toBe('S256')
    expect(query?.get('resource')).toBe(runner.stack.mcpUrl)
    expect(query?.get('state')).toBeTruthy()
    expect(query?.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['expenses:read', 'expenses:approve']),
    )
    expect(query?.get('scope')).not.toContain('users:manage')
    expect(query?.get('lab_action')).toBe('approve expense 103')
    expect(questions.join('')).toContain('<p class="action">approve expense 103</p>')
  })

  it('and a yes does not overrule the policy', async () => {
    const { runner } = await startAsking([{ username: 'dave', answer: 'allow' }])
    const { toolCalls, unwilling } = await runner.runAs('dave', 'Approve expense 103.')
    expect(unwilling).toBeUndefined()
    expect(toolCalls).toMatchObject([{ outcome: { status: 403, code: 'access_denied' } }])
    expect(isApproved(runner)).toBe('pending')
  })
})

describe('what needs no asking', () => {
  it('goes on as ever', async () => {
    const { runner, asked } = await startAsking([])
    const { toolCalls } = await runner.runAs('alice', 'What are my expenses?')
    expect(toolCalls).toMatchObject([{ outcome: { isError: false } }])
    expect(asked).toEqual([])
  })

  it('is a pattern without a sign-in: there is nobody to ask', async () => {
    const { runner, asked } = await startAsking([], 'p01')
    await runner.runAs('alice', 'Approve expense 103.')
    expect(asked).toEqual([])
  })
})
