import { afterEach, describe, expect, it } from 'vitest'
import { keycloakSettings } from '../parties/keycloak/settings.ts'
import type { PatternRunner } from './pattern-runner.ts'
import { type Answer, startAgentThatAsks } from './testing/consent.ts'

const keycloak = keycloakSettings(process.env)
let runner: PatternRunner | undefined
afterEach(() => runner?.stop())

async function startAsking(...answers: readonly Answer[]) {
  const started = await startAgentThatAsks(answers, 'p06', { keycloak })
  runner = started.runner
  const { admin } = runner.stack.idp
  await admin.reset()
  for (const username of ['alice', 'bob']) await admin.revokeConsent(username, 'agent-app-asking')
  return started
}
const isApproved = (of: PatternRunner) => of.snapshot().expenses.find(({ id }) => id === 103)?.status

describe('a scope that Keycloak does not give at sign-in', () => {
  it('is not used where the person says no, and the person is asked once', async () => {
    const { runner, asked, questions } = await startAsking({ username: 'bob', answer: 'refuse' })
    const { toolCalls } = await runner.runAs('bob', 'Approve expense 103.')
    expect(toolCalls).toMatchObject([{ outcome: { isError: true, status: 403, code: 'access_denied' } }])
    expect(toolCalls[0]?.outcome.text).toMatch(/the person said no/)
    expect(asked).toHaveLength(1)
    expect(questions).toHaveLength(1)
    expect(isApproved(runner)).toBe('pending')
  })

  it('is not used where nobody answers in time', async () => {
    const { runner } = await startAsking('nobody')
    const { toolCalls } = await runner.runAs('bob', 'Approve expense 103.')
    expect(toolCalls).toMatchObject([{ outcome: { status: 403, code: 'interaction_required' } }])
    expect(isApproved(runner)).toBe('pending')
  })

  it('is not used where another user says yes', async () => {
    const { runner } = await startAsking({ username: 'alice', answer: 'allow' })
    const { toolCalls } = await runner.runAs('bob', 'Approve expense 103.')
    expect(toolCalls).toMatchObject([{ outcome: { status: 403, code: 'access_denied' } }])
    expect(toolCalls[0]?.outcome.text).toMatch(/another user/)
    expect(isApproved(runner)).toBe('pending')
  })

  it('is used where the person says yes, with a one-time code: the records show the step up', async () => {
    const { runner, asked, questions } = await startAsking({ username: 'bob', answer: 'allow' })
    const { toolCalls, audit } = await runner.runAs('bob', 'Approve expense 103.')
    expect(toolCalls).toMatchObject([{ outcome: { isError: false } }])
    expect(isApproved(runner)).toBe('approved')
    expect(questions[0]).toContain('expenses:approve')
    expect(questions[0]).not.toContain('expenses:read')
    const ofMcpServer = audit.filter(({ service }) => service === 'mcp-server')
    expect(ofMcpServer).toMatchObject([
      { decision: 'deny', status: 403, acr: 'pwd', client: 'agent-app-asking' },
      { decision: 'allow', acr: 'mfa', client: 'agent-app-asking' },
    ])
    await runner.runAs('bob', 'What are my expenses?')
    expect(asked).toHaveLength(1)
  })
})
