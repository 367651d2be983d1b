import { setTimeout as wait } from 'node:timers/promises'
import type { BackchannelAuthenticationRequest, KoaContextWithOIDC } from 'oidc-provider'
import { afterEach, expect, it, vi } from 'vitest'
import { readRealm } from '../../../scenario/realm/index.ts'
import type { IdpRecord } from '../audit.ts'
import { LiveRealm } from '../live-realm.ts'
import { Approvals } from './approvals.ts'
import type { Question } from './questions.ts'

const details = [
  { type: 'tool_call', locations: ['expenses'], tool: 'approve_expense', arguments: { id: 103 } },
]

afterEach(() => {
  vi.useRealTimers()
})

/** A question whose time is over after some seconds, at an IdP that takes some ms to note what came of it. */
async function asked(seconds: number, noting: number) {
  const records: IdpRecord[] = []
  const told: Question[] = []
  const results: unknown[] = []
  const realm = new LiveRealm(readRealm())
  const approvals = new Approvals({
    realm,
    audit: (record) => records.push(record),
    issuer: 'http://idp.test',
    keys: { keys: [] },
    tell: (question) => told.push(question),
  })
  const provider = {
    Grant: class {
      addOIDCScope() {}
      addResourceScope() {}
      async save() {}
    },
    async backchannelResult(_request: unknown, result: unknown) {
      await wait(noting)
      results.push(result)
    },
  }
  const params = { requested_expiry: String(seconds), authorization_details: JSON.stringify(details) }
  const ctx = { oidc: { params, provider }, get: () => '', body: {} } as unknown as KoaContextWithOIDC
  const request = { accountId: realm.user('alice')?.sub, clientId: 'mcp-server', jti: 'q' }
  await approvals.ask(ctx, request as unknown as BackchannelAuthenticationRequest)
  const [question] = told
  if (!question) throw new Error('nobody was asked')
  return { approvals, question, results, reasons: () => records.map(({ reason }) => reason?.split(':')[0]) }
}

it('an answer in time counts, though the time is over before it is noted', async () => {
  const { approvals, question, results, reasons } = await asked(0.05, 150)
  expect(await approvals.answer(question, 'yes')).toBe(true)
  expect(reasons()).toEqual(['asked the user', 'the user said yes'])
  expect(results).toHaveLength(1)
})

it('an answer that comes while the end of the time is noted is too late', async () => {
  const { approvals, question, results, reasons } = await asked(0.02, 150)
  await vi.waitFor(() => expect(reasons()).toContain('no answer in time'))
  expect(await approvals.answer(question, 'yes')).toBe(false)
  await vi.waitFor(() => expect(results).toHaveLength(1))
  expect(reasons()).toEqual(['asked the user', 'no answer in time'])
})

it('a poll is held for five seconds at most, and for nothing once there is an answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { approvals, question } = await asked(60, 0)
  let isAnswered = false
  const poll = approvals.settled('q').then(() => {
    isAnswered = true
  })
  await vi.advanceTimersByTimeAsync(4_999)
  expect(isAnswered).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await poll
  const next = approvals.settled('q')
  approvals.questions.close(question)
  await next
  expect(vi.getTimerCount()).toBe(0)
})
