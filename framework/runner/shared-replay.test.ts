import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { RedisServer, redisBinary } from '../parties/replay-store/testing/redis-server.ts'
import { UserError } from '../process/user-error.ts'
import { PatternRunner } from './pattern-runner.ts'

const prompt = 'What are my expenses?'

describe.skipIf(!redisBinary)('services that share a replay store', { timeout: 60_000 }, () => {
  let server: RedisServer
  let runner: PatternRunner
  beforeAll(async () => {
    server = await RedisServer.start()
    runner = await new PatternRunner('p08', { replayStore: server.url }).start()
  })
  afterAll(async () => {
    await runner.stop()
    await server.remove()
  })
  const statuses = async () => (await runner.runAs('alice', prompt)).audit.map(({ status }) => status)

  it('serve as ever, refuse everything while the store is gone, and serve again by themselves', async () => {
    expect(await statuses()).not.toContain(503)
    await server.stop()
    const { audit, answer } = await runner.runAs('alice', prompt)
    expect(audit).toContainEqual(
      expect.objectContaining({ service: 'expenses', decision: 'error', status: 503 }),
    )
    expect(answer).toContain('replay_store_unavailable')
    expect(audit).not.toContainEqual(expect.objectContaining({ service: 'expenses', decision: 'allow' }))
    await server.startAgain()
    await vi.waitFor(async () => expect(await statuses()).not.toContain(503), 15_000)
  })

  it('do not start without it', async () => {
    const started = new PatternRunner('p08', { replayStore: 'redis://127.0.0.1:9' }).start()
    await expect(started).rejects.toThrow(UserError)
  })
})
