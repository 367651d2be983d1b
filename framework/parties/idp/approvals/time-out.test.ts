import { setTimeout as wait } from 'node:timers/promises'
import type { ActionDetails } from '@lab/contract'
import type { BackchannelAuthenticationRequest, KoaContextWithOIDC } from 'oidc-provider'
import { afterEach, expect, it, vi } from 'vitest'
import { readRealm } from '../../../scenario/realm/index.ts'
import type { IdpRecord } from '../audit.ts'
import { LiveRealm } from '../live-realm.ts'
import { Approvals } from './approvals.ts'
import { type Question, Questions } from './questions.ts'

const details = [
  { type: 'tool_call', locations: ['expenses'], tool: 'approve_expense', arguments: { id: 103 } },
]

afterEach(() => {
  vi.useRealTimers()
})

/** Questions to alice at an IdP that takes some ms to note what came of them. */
function idp(noting: number) {
  const records: IdpRecord[] = []
  const told: Question[] = []
  const results: unknown[] = []
  const withdrawn: string[] = []
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
  const ask = async (jti: string, params: Readonly<Record<string, string>>) => {
    const body: { expires_in?: number } = {}
    const ctx = { oidc: { params, provider }, get: () => '', body } as unknown as KoaContextWithOIDC
    const destroy = async () => withdrawn.push(jti)
    const request = { accountId: realm.user('alice')?.sub, clientId: 'mcp-server', jti, destroy }
    await approvals.ask(ctx, request as unknown as BackchannelAuthenticationRequest)
    return body
  }
  return {
    approvals,
    ask,
    told,
    results,
    withdrawn,
    reasons: () => records.map(({ reason }) => reason?.split(':')[0]),
  }
}
const authorization_details = JSON.stringify(details)

/** A question whose time is over after some seconds. */
async function asked(seconds: number, noting: number) {
  const given = idp(noting)
  await given.ask('q', { requested_expiry: String(seconds), authorization_details })
  const [question] = given.told
  if (!question) throw new Error('nobody was asked')
  return { ...given, question }
}

it.each([
  ['where the client does not say', {}, 120],
  ['where it wants more', { requested_expiry: '600' }, 120],
  ['unless it wants less', { requested_expiry: '50' }, 50],
])('a question waits for two minutes %s', async (_when, wish, expected) => {
  const { ask, approvals } = idp(0)
  expect((await ask('q', { ...wish, authorization_details })).expires_in).toBe(expected)
  approvals.close()
})

it('a question without an action is refused, and nobody is told of it', async () => {
  const { ask, told } = idp(0)
  await expect(ask('q', {})).rejects.toMatchObject({ error: 'invalid_request' })
  expect(told).toEqual([])
})

it('a request that is one too many leaves nothing behind', async () => {
  const { ask, withdrawn, approvals } = idp(0)
  for (let n = 0; n < 10; n++) await ask(`${n}`, { authorization_details })
  expect(withdrawn).toEqual([])
  await expect(ask('one more', { authorization_details })).rejects.toMatchObject({ error: 'access_denied' })
  expect(withdrawn).toEqual(['one more'])
  approvals.close()
})

it('a poll waits for its own question alone, and for none that is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { approvals } = await asked(60, 0)
  await approvals.settled('another')
  const poll = approvals.settled('q')
  approvals.close()
  await poll
  expect(vi.getTimerCount()).toBe(0)
})

/** A question to alice whose time is over after some ms. */
const questionOf = (id: string, ms: number): Question => ({
  id,
  username: 'alice',
  client: 'mcp-server',
  action: details[0] as unknown as ActionDetails,
  message: '',
  expiresAt: new Date(Date.now() + ms),
  traceparent: undefined,
})

it('nobody is told once more of a question because another one is over', () => {
  const told: string[] = []
  const questions = new Questions(
    ({ id }) => told.push(id),
    async () => {},
  )
  const second = questionOf('second', 60_000)
  questions.add(questionOf('first', 60_000))
  questions.add(second)
  questions.close(second)
  expect(told).toEqual(['first'])
  questions.closeAll()
})

it('a question is over though telling its client goes wrong', async () => {
  const questions = new Questions(
    () => {},
    () => Promise.reject(new Error('the client is gone')),
  )
  questions.add(questionOf('q', 5))
  await questions.ended('q')
  expect(questions.waiting('alice')).toBe(0)
})

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
