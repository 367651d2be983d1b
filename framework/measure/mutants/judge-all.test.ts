import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import type { Area } from './areas.ts'
import { judgeAll } from './judge-all.ts'
import type { Batch } from './judge-process.ts'
import type { Notice } from './mutant.ts'

let folder: string
let script: string
let log: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'judge-all-'))
  script = join(folder, 'judge.cjs')
  log = join(folder, 'log')
  writeFileSync(script, judge)
})
beforeEach(() => writeFileSync(log, ''))
afterAll(() => rmSync(folder, { recursive: true }))

/** A process that notices each mutant of its list but 1, and that does what the area's name says at mutant 2. */
const judge = `
const { appendFileSync, readFileSync } = require('node:fs')
const log = require('node:path').join(__dirname, 'log')
process.on('disconnect', () => process.exit())
process.on('message', (batch) => {
  appendFileSync(log, JSON.stringify({ process: process.pid, ...batch }) + '\\n')
  if (batch.area === 'is refused') return process.send({ refused: 'fix it first' })
  if (batch.area === 'ends at once') process.exit(1)
  if (batch.area === 'does not begin') return
  const isSecondLook = (readFileSync(log, 'utf8').match(/"wavers"/g) ?? []).length > 1
  const notices = []
  for (const [at] of batch.mutants) {
    process.send({ judging: at })
    if (at === 2 && batch.area === 'ends') process.exit(1)
    if (at === 2 && batch.area === 'hangs') return
    notices.push([at, at === 1 && !isSecondLook ? null : { by: 'test ' + at, where: 'x.test.ts' }])
  }
  process.send({ notices })
})`

const areaOf = (title: string, files: readonly string[]): Area => ({
  title,
  judges: '',
  mutants: files.map((file, at) => ({ file, line: 1, change: `${at}`, source: '' })),
  open: () => Promise.reject(new Error('the area is for other processes to open')),
})

/** Judges all mutants of an area: who noticed each, and the batches that the processes were given. */
async function judged(
  area: Area,
  how: { readonly beginning?: number } = {},
  isExpected: Parameters<typeof judgeAll>[2] = () => true,
) {
  const notices = new Map<number, string | undefined>()
  const told: [Area, number, Notice | undefined][] = []
  const places = area.mutants.map((_mutant, at) => at)
  await judgeAll(
    new Map([[area, places]]),
    ({ change }) => [`first for ${change}`],
    isExpected,
    (...each) => told.push(each),
    { script, execArgv: [], limit: 1_000, beginning: 60_000, ...how },
  )
  for (const [from, at, notice] of told) {
    expect(from).toBe(area)
    expect(notices.has(at)).toBe(false)
    notices.set(at, notice?.by)
  }
  return { notices: [...notices].sort(([one], [other]) => one - other), batches: batches() }
}
const batches = () =>
  readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Batch & { process: number })

it('tells who noticed each mutant, and where nobody did', async () => {
  const { notices, batches } = await judged(areaOf('plain', ['a.ts', 'a.ts', 'b.ts']))
  expect(notices).toEqual([
    [0, 'test 0'],
    [1, undefined],
    [2, 'test 2'],
  ])
  expect(batches.flatMap(({ mutants }) => mutants).sort(([one], [other]) => one - other)).toEqual([
    [0, ['first for 0']],
    [1, ['first for 1']],
    [2, ['first for 2']],
  ])
})

it('judges fifteen mutants of one file in a row, and looks once whether the code as it is passes', async () => {
  const files = [...Array.from({ length: 17 }, () => 'a.ts'), 'b.ts']
  const { notices, batches } = await judged(areaOf('plain', files))
  expect(notices).toHaveLength(18)
  expect(batches.map(({ mutants }) => mutants.length).sort()).toEqual([1, 15, 2])
  expect(batches.filter(({ green }) => green)).toHaveLength(1)
})

it.each([
  ['ends', 'its tests, which end their process'],
  ['hangs', 'its tests, which do not end'],
])(
  'calls a mutant noticed whose process %s, and has the others judged by another process',
  async (title, by) => {
    const { notices, batches } = await judged(areaOf(title, ['a.ts', 'a.ts', 'a.ts', 'a.ts']))
    expect(notices).toEqual([
      [0, 'test 0'],
      [1, undefined],
      [2, by],
      [3, 'test 3'],
    ])
    expect(batches.map(({ green }) => green)).toEqual([true, false])
    expect(new Set(batches.map(({ process }) => process)).size).toBe(2)
  },
)

it('looks once more at what nobody expects, and tells what came out then', async () => {
  const isExpected = (mutant: { change: string }, notice: Notice | undefined) =>
    mutant.change !== '1' || !!notice
  const { notices, batches } = await judged(areaOf('wavers', ['a.ts', 'a.ts', 'a.ts']), {}, isExpected)
  expect(notices).toEqual([
    [0, 'test 0'],
    [1, 'test 1'],
    [2, 'test 2'],
  ])
  expect(batches.map(({ mutants }) => mutants.map(([at]) => at))).toEqual([[0, 1, 2], [1]])
  expect(batches.map(({ green }) => green)).toEqual([true, false])
})

it('tells after the second look what still nobody expects', async () => {
  const { notices, batches } = await judged(areaOf('plain', ['a.ts', 'a.ts']), {}, () => false)
  expect(notices).toEqual([
    [0, 'test 0'],
    [1, undefined],
  ])
  expect(batches.map(({ mutants }) => mutants.map(([at]) => at))).toEqual([
    [0, 1],
    [0, 1],
  ])
})

it('stops where the code as it is does not pass', async () => {
  const judging = judged(areaOf('is refused', ['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts', 'f.ts']))
  await expect(judging).rejects.toThrow(new UserError('fix it first'))
  expect(batches().length).toBeLessThan(6)
})

it('is an error where a process does not begin', async () => {
  const judging = judged(areaOf('does not begin', ['a.ts']), { beginning: 1 })
  await expect(judging).rejects.toThrow('had no time left before it had begun')
})

it('is an error where a process ends before it has begun', async () => {
  await expect(judged(areaOf('ends at once', ['a.ts']))).rejects.toThrow('before it had begun')
})
