import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job } from '../job.ts'
import { Copies } from './copies.ts'
import type { CopyListener } from './copy-report.ts'
import { loadFailure } from './load-failure.ts'
import { quietProcess } from './testing/quiet-process.ts'

const pattern = 'p06-scoped-token-opa'
let scratch: string
let running: Promise<{ folder: string; listener: CopyListener }>
let copies: Copies
let quiet: ReturnType<typeof quietProcess>
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'copies-'))
  running = new Promise((resolve) => {
    quiet = quietProcess((folder, listener) => resolve({ folder, listener }))
  })
  copies = new Copies({}, quiet)
  await copies.make(pattern)
})
afterEach(async () => {
  await copies.stop()
  await rm(scratch, { recursive: true })
})

const filesOf = () => copies.of(pattern)?.files ?? { 'mcp-auth.ts': '', 'service-auth.ts': '' }

async function told(job: Job) {
  const events = []
  for await (const { name, data } of job.events(new AbortController().signal)) events.push([name, data])
  return events
}

describe('a copy', () => {
  it('starts as the pattern, is made once, and gets its stack ready', async () => {
    const files = { ...filesOf(), 'mcp-auth.ts': '// mine' }
    expect(copies.save(pattern, 1, files)).toBe(2)
    expect(copies.save(pattern, 2, files)).toBe(2)
    await copies.make(pattern)
    expect(copies.of(pattern)).toMatchObject({ version: 2, files })
    expect(quiet.warmed).toEqual([pattern, pattern])
    expect(copies.of('p07-on-behalf-of')).toBeNull()
  })

  it('is measured beside what is declared for the pattern, and shows no path', async () => {
    const version = copies.save(pattern, 1, { ...filesOf(), 'service-auth.ts': '// changed' })
    const job = copies.run(pattern, version)
    const { folder, listener } = await running
    expect(copies.isBusy).toBe(true)
    expect(await readFile(join(folder, 'service-auth.ts'), 'utf8')).toBe('// changed')
    const cell = { user: 'dave', prompt: 2, expected: 'denied', overshared: 0 }
    listener.onCell({ ...cell, outcome: 'allowed', reason: `${folder} said so` })
    listener.onAttack({ id: 'scope-overreach', outcome: 'succeeds', reason: 'x' })
    listener.onProblem({ file: 'mcp-auth.ts', line: 1, message: `${folder}/mcp-auth.ts` })
    await copies.abort(pattern)
    expect(await told(job)).toEqual([
      ['cell', { ...cell, outcome: 'allowed', reason: 'your copy said so', before: 'denied' }],
      ['attack', { id: 'scope-overreach', outcome: 'succeeds', reason: 'x', before: 'blocked' }],
      ['problem', { file: 'mcp-auth.ts', line: 1, message: 'mcp-auth.ts' }],
      ['failed', { message: 'you stopped it' }],
    ])
    expect([copies.isBusy, existsSync(folder)]).toEqual([false, false])
    // The next run need not wait for a process.
    expect(quiet.warmed).toEqual([pattern, pattern])
  })

  it.each([{ realm: './mine.json' }, { policy: './mine' }])(
    'ends, and is compared with nothing on %j',
    async (flags) => {
      const own = new Copies(flags, quiet)
      await own.make(pattern)
      const job = own.run(pattern, 1)
      const { listener } = await running
      listener.onAttack({ id: 'scope-overreach', outcome: 'succeeds', reason: 'x' })
      quiet.finish()
      expect(await told(job)).toEqual([
        ['attack', { id: 'scope-overreach', outcome: 'succeeds', reason: 'x', before: '' }],
        ['done', {}],
      ])
      await own.stop()
    },
  )

  it('is stopped with its session before its process has begun with it', async () => {
    const job = copies.run(pattern, 1)
    await copies.stop()
    expect(await told(job)).toEqual([['failed', { message: 'the session ended' }]])
  })

  it('is stopped before its process has begun with it, too', async () => {
    const job = copies.run(pattern, 1)
    await copies.abort(pattern)
    expect(await told(job)).toEqual([['failed', { message: 'you stopped it' }]])
    expect(copies.isBusy).toBe(false)
  })

  it('leaves nothing behind when the session ends', async () => {
    const job = copies.run(pattern, 1)
    const { folder } = await running
    await copies.stop()
    expect(await told(job)).toEqual([['failed', { message: 'the session ended' }]])
    expect(existsSync(dirname(dirname(folder)))).toBe(false)
    // No process is started for a session that there is not.
    expect(quiet.warmed).toEqual([pattern])
  })

  it('is kept as a folder with a header of its own, or with the one that was changed', async () => {
    const files = filesOf()
    const version = copies.save(pattern, 1, { ...files, 'mcp-auth.ts': '/** Mine. */\nexport {}\n' })
    const { folder, command } = await copies.keep(pattern, version, join(scratch, 'mine'))
    expect(command).toContain(`pattern ${folder} --watch`)
    expect(await readFile(join(folder, 'mcp-auth.ts'), 'utf8')).toBe('/** Mine. */\nexport {}\n')
    const service = await readFile(join(folder, 'service-auth.ts'), 'utf8')
    expect(service).toMatch(/^\/\*\*\n \* mine: /)
    expect(service).toContain("policy: 'opa/scope'")
    await expect(copies.keep(pattern, version, join(scratch, 'mine'))).rejects.toThrow('it exists already')
  })
})

describe('the loader’s complaint names the file and the line', () => {
  const [, fix] = ['', '; fix it, or start again with pnpm run new']
  it.each([
    [
      `/x/my-p06/service-auth.ts:7 cannot be loaded: no export 'a'${fix}`,
      'service-auth.ts',
      7,
      "no export 'a'",
    ],
    [`/x/my-p06/mcp-auth.ts cannot be loaded: line 3: Expected ";"${fix}`, 'mcp-auth.ts', 3, 'Expected ";"'],
    ['/x/my-p06/mcp-auth.ts must export authHandler: y', 'mcp-auth.ts', null, 'must export authHandler: y'],
    ['something else in /x/my-p06', 'mcp-auth.ts', null, 'something else in my-p06'],
  ])('%s', (message, file, line, what) => {
    expect(loadFailure(message, '/x/my-p06')).toEqual({ file, line, message: what })
  })
})
