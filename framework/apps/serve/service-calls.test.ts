import { afterAll, beforeAll, expect, it } from 'vitest'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { LoggedCall } from './call-log.ts'
import { loggingServiceCalls } from './service-calls.ts'

const calls: LoggedCall[] = []
const runner: PatternRunner = new PatternRunner('p02', {
  auditSink: loggingServiceCalls(
    () => runner.stack.recorder,
    (call) => calls.push(call),
  ),
})
beforeAll(() => runner.start())
afterAll(() => runner.stop())

it('a call past the MCP server is told, and one by way of it is not', async () => {
  await runner.runAs('alice', 'What are my expenses?')
  expect(calls).toEqual([])
  await fetch(`${runner.stack.serviceUrls.expenses}/expenses?owner=bob`)
  expect(calls).toMatchObject([{ what: 'expenses list_expenses', status: 401, decidedBy: 'nobody' }])
})
