import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { UserError } from '../../process/user-error.ts'
import { UnitTests } from './unit-tests.ts'

const age = 'export const isOld = (age: number) => age > 17\n'
/** A repository with three test files, each of which notes that it ran, and in which thread. */
const files: Record<string, string> = {
  'framework/one/age.ts': age,
  'framework/one/age.test.ts': testOf('./age.ts', 'expect(isOld(17)).toBe(false)'),
  'framework/one/other.test.ts': testOf('./age.ts', 'expect(isOld(40)).toBe(true)'),
  'framework/one/deep/far.test.ts': testOf('../age.ts', 'expect(isOld(1)).toBe(false)'),
  'framework/two/elsewhere.test.ts': testOf('../one/age.ts', 'expect(isOld(-1)).toBe(false)'),
  'patterns/none.ts': '',
  'services/red.test.ts': testOf('../framework/one/age.ts', 'expect(isOld(1)).toBe(true)'),
}

function testOf(module: string, check: string): string {
  return `
import { appendFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { isOld } from '${module}'
it('knows', () => {
  appendFileSync(process.env.RUN_LOG, basename(import.meta.url).split('.')[0] + ' ' + threadId + '\\n')
  ${check}
})
`
}

let root: string
let tests: UnitTests
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'unit-tests-'))
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), source)
  }
  symlinkSync(join(projectFolder, 'node_modules'), join(root, 'node_modules'))
  process.env.RUN_LOG = join(root, 'log')
  tests = await UnitTests.open(root, ['framework/one'])
}, 30_000)
afterAll(async () => {
  await tests.close()
  delete process.env.RUN_LOG
  rmSync(root, { recursive: true })
})

const mutant = (source: string) => ({ file: 'framework/one/age.ts', line: 1, change: 'x', source })
const never = mutant('export const isOld = () => false\n')
const always = mutant('export const isOld = () => true\n')
const same = mutant(`${age}// as before\n`)

/** The result of the work, the test files that ran for it, and their threads. */
async function ran<T>(work: Promise<T>) {
  writeFileSync(join(root, 'log'), '')
  const given = await work
  const lines = readFileSync(join(root, 'log'), 'utf8').trim().split('\n')
  const names = lines.map((line) => line.split(' ')[0] ?? '')
  return { given, names, threads: [...new Set(lines.map((line) => line.split(' ')[1]))] }
}

it('names the test that fails, from the nearest on, and asks nobody after it', async () => {
  const near = await ran(tests.noticedBy(always))
  expect(near.given).toEqual({ by: 'knows', where: 'framework/one/age.test.ts' })
  expect(near.names).toEqual(['age'])
  const next = await ran(tests.noticedBy(never))
  expect(next.given?.where).toBe('framework/one/other.test.ts')
  expect(next.names).toEqual(['age', 'other'])
})

it('asks first who is named', async () => {
  const { given, names } = await ran(tests.noticedBy(always, ['framework/one/deep/far.test.ts']))
  expect(given?.where).toBe('framework/one/deep/far.test.ts')
  expect(names).toEqual(['far'])
})

it('asks all tests of the package where nobody notices, and none of another', async () => {
  const { given, names } = await ran(tests.noticedBy(same))
  expect(given).toBeUndefined()
  expect(names).toEqual(['age', 'other', 'far'])
})

it('asks no further than the folder of the mutant where that is enough', async () => {
  const { names } = await ran(tests.noticedBy(same, [], true))
  expect(names).toEqual(['age', 'other'])
  const { names: withFirst } = await ran(tests.noticedBy(same, ['framework/one/deep/far.test.ts'], true))
  expect(withFirst).toEqual(['far', 'age', 'other'])
})

it('notices a mutant that cannot be loaded', async () => {
  const { given } = await ran(tests.noticedBy(mutant('throw new Error("no")\n')))
  expect(given).toEqual({
    by: 'framework/one/age.test.ts cannot be run',
    where: 'framework/one/age.test.ts',
  })
})

it('leaves nothing of a mutant behind, and changes no file', async () => {
  await tests.noticedBy(always)
  expect(await tests.isClean(['framework/one/age.test.ts', 'framework/one/other.test.ts'])).toBe(true)
  expect(await tests.isClean(['services/red.test.ts'])).toBe(false)
  expect(readFileSync(join(root, 'framework/one/age.ts'), 'utf8')).toBe(age)
})

it('keeps one thread, until it is renewed', async () => {
  const threads = async () => (await ran(tests.isClean(['framework/one/age.test.ts']))).threads
  const [before] = await threads()
  expect(await threads()).toEqual([before])
  await tests.renew()
  const after = await threads()
  expect(after).toHaveLength(1)
  expect(after).not.toEqual([before])
})

it('wants the tests of its packages to pass as they are', async () => {
  const { names } = await ran(tests.requireGreen())
  expect(names.sort()).toEqual(['age', 'far', 'other'])
  const red = await UnitTests.open(root, ['services'])
  await expect(red.requireGreen()).rejects.toThrow(UserError)
  await red.close()
})
