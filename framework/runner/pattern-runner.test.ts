import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../process/user-error.ts'
import { defaultRealmFile } from '../scenario/realm/index.ts'
import { findPattern, loadPattern, patternNames } from './load-pattern.ts'
import { PatternRunner } from './pattern-runner.ts'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lab-runner-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('PatternRunner', () => {
  it('says what to do where it was not started', async () => {
    await expect(new PatternRunner('p01').runAs('alice', 'x')).rejects.toThrow(
      /not started: call start\(\) first/,
    )
  })

  it('refuses a user whom the realm does not have', async () => {
    const runner = await new PatternRunner('p01').start()
    await expect(runner.runAs('carol', 'x')).rejects.toThrow(/unknown user "carol": use alice, bob, dave/)
    await runner.stop()
  })

  it('starts once where start is called twice, and stops once', async () => {
    const runner = new PatternRunner('p01')
    await runner.start()
    const { mcpUrl } = runner.stack
    expect((await runner.start()).stack.mcpUrl).toBe(mcpUrl)
    await runner.stop()
    await expect(runner.stop()).resolves.toBeUndefined()
    await expect(fetch(mcpUrl)).rejects.toThrow('fetch failed')
  })

  it('starts once where start is called again before the first is through', async () => {
    const runner = new PatternRunner('p01')
    const [{ stack }, again] = await Promise.all([runner.start(), runner.start()])
    expect(again.stack).toBe(stack)
    await runner.stop()
    await expect(fetch(stack.mcpUrl)).rejects.toThrow('fetch failed')
  })

  it('is not running after a stop in the middle of a start', async () => {
    const runner = new PatternRunner('p01')
    const starting = runner.start()
    await runner.stop()
    await starting
    expect(() => runner.stack).toThrow(/not started/)
  })

  it('starts again after a stop', async () => {
    const runner = await new PatternRunner('p01').start()
    await runner.stop()
    await runner.start()
    expect((await runner.runAs('bob', 'What are my expenses?')).toolCalls).toHaveLength(1)
    await runner.stop()
  })

  it('starts nothing on a realm file that is not valid, and says what is wrong in one line', async () => {
    const realm = JSON.parse(await readFile(defaultRealmFile, 'utf8'))
    const realmFile = join(scratch, 'realm.json')
    await writeFile(realmFile, JSON.stringify({ ...realm, users: [{ username: 'alice' }] }))
    const starting = new PatternRunner('p06', { realmFile }).start()
    await expect(starting).rejects.toBeInstanceOf(UserError)
    await expect(starting).rejects.toThrow(/^[^\n]*realm\.json[^\n]*$/)
  })

  it('answers a canonical prompt with all that was recorded of it', async () => {
    const runner = await new PatternRunner('p08').start()
    const run = await runner.runAs('bob', "Show me Bob's expenses.")
    expect(run).toMatchObject({ user: 'bob', scripted: true, toolCalls: [{ tool: 'list_expenses' }] })
    expect(run.identities).toMatchObject([{ service: 'expenses', identity: { userId: 'bob' } }])
    expect(new Set(run.audit.map(({ trace }) => trace))).toEqual(new Set([run.trace]))
    expect(run.audit.map(({ service }) => service)).toEqual(
      expect.arrayContaining(['idp', 'mcp-server', 'expenses']),
    )
    expect(run.hops.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['idp', 'model', 'mcp-server', 'pdp', 'expenses']),
    )
    await runner.stop()
  })
})

describe('loadPattern', () => {
  it.each([
    ['6', 'p06-scoped-token-opa'],
    ['p06', 'p06-scoped-token-opa'],
    ['06', 'p06-scoped-token-opa'],
    ['p06-scoped-token-opa', 'p06-scoped-token-opa'],
    ['./patterns/p06-scoped-token-opa', 'p06-scoped-token-opa'],
  ])('finds %s', async (which, name) => {
    expect((await loadPattern(which)).name).toBe(name)
  })

  it.each(['0', '99', 'p00', 'p99', 'p006', '', 'p06-scoped', '../patterns'])(
    'refuses "%s"',
    async (which) => {
      await expect(findPattern(which)).rejects.toBeInstanceOf(UserError)
    },
  )

  it('lists the folders that have the name of a pattern, in order', async () => {
    const names = await patternNames()
    expect(names).toEqual([...names].sort())
    expect(names.at(0)).toBe('p01-no-auth')
    expect(names.filter((name) => !/^p\d\d-/.test(name))).toEqual([])
  })
})
