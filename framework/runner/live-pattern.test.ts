import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runCells } from './cells.ts'
import { PatternRunner } from './pattern-runner.ts'

/** Remembers the first caller: whoever comes later is alice too. */
const keepsTheFirst = `
let first = ''
export const authHandler = {
  credential: 'argument',
  async prepareRequest(call) {
    first ||= call.apiKey
    return { 'x-api-key': first }
  },
}`
const service = `
export const getIdentity = async (request, service) => {
  const key = request.headers.get('x-api-key')
  const { userId } = service.apiKeys.find((row) => row.key === key) ?? {}
  return { method: 'string_id', policy: 'roles', userId, roles: service.rolesOf(userId) }
}`

let folder: string
let runner: PatternRunner
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
  await writeFile(join(folder, 'mcp-auth.ts'), keepsTheFirst)
  await writeFile(join(folder, 'service-auth.ts'), service)
  runner = await new PatternRunner(folder).start()
})
afterEach(() => runner.pattern.renew())
afterAll(async () => {
  await runner.stop()
  await rm(folder, { recursive: true })
})

it('a pattern that is renewed has forgotten what it kept, under the stack that runs', async () => {
  const nameOf = async (user: string) => {
    const { audit } = await runner.runAs(user, 'What are my expenses?')
    return audit.find((record) => record.service === 'expenses')?.user
  }
  expect([await nameOf('alice'), await nameOf('bob')]).toEqual(['alice', 'alice'])
  await runner.pattern.renew()
  expect(await nameOf('bob')).toBe('bob')
})

describe('a pattern that keeps something where it outlives the pattern', () => {
  const remains = Symbol.for('example.first')
  const places = globalThis as Record<PropertyKey, unknown>
  afterEach(() => {
    delete places.first
    delete places[remains]
    delete process.env.FIRST_CALLER
  })

  it.each([
    ['globalThis', 'globalThis.first ??= "a"', 'globalThis.first'],
    [
      'globalThis, by a symbol',
      'globalThis[Symbol.for("example.first")] = 1',
      'globalThis.Symbol(example.first)',
    ],
    ['the environment', 'process.env.FIRST_CALLER = "a"', 'process.env.FIRST_CALLER'],
  ])('is not renewed: %s', async (_where, statement, place) => {
    const own = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
    const keeping = keepsTheFirst.replace('first ||= call.apiKey', `first ||= call.apiKey\n${statement}`)
    await writeFile(join(own, 'mcp-auth.ts'), keeping)
    await writeFile(join(own, 'service-auth.ts'), service)
    const keeper = await new PatternRunner(own).start()
    try {
      await keeper.runAs('alice', 'What are my expenses?')
      await expect(keeper.pattern.renew()).rejects.toThrow(`keeps something in ${place}, which outlives it`)
    } finally {
      await keeper.stop()
      await rm(own, { recursive: true })
    }
  })
})

it('the headers that a service asked for are known', async () => {
  await runner.runAs('alice', 'What are my expenses?')
  expect(runner.pattern.headersRead.get('expenses')).toContain('x-api-key')
})

it.each([
  ['a read', 1],
  ['a search', 3],
  ['a new row', 4],
  ['a change', 5],
])('a cell says when %s counted as somebody else’s', async (_what, prompt) => {
  const [first, second] = await runCells(runner, ['alice', 'bob'], [prompt])
  expect(first?.outcome).toBe('allowed')
  expect(second).toMatchObject({ user: 'bob', outcome: 'wrong-user', reason: "it counted as alice's" })
})

it('where no user is known, nobody is the wrong one', async () => {
  const own = await new PatternRunner('p02').start()
  try {
    const cells = await runCells(own, ['alice', 'bob'], [1, 4])
    expect(cells.map(({ outcome }) => outcome)).toEqual(['allowed', 'allowed', 'allowed', 'allowed'])
  } finally {
    await own.stop()
  }
})
