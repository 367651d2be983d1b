import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LastTime } from './last-time.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'last-time-'))
  mkdirSync(join(root, 'framework/measure/mutants'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const mutants = ['a → b', 'c → d', 'e → f', 'g → h'].map((change) => ({
  file: 'x.ts',
  line: 1,
  change,
  source: '',
}))
const [first, second, third, unseen] = mutants as [
  (typeof mutants)[0],
  (typeof mutants)[0],
  (typeof mutants)[0],
  (typeof mutants)[0],
]

it('has nobody to ask first where nothing was noted', () => {
  expect(new LastTime(root).firstFor(first)).toEqual([])
})

it('asks first who noticed this mutant, on this machine', () => {
  const before = new LastTime(root)
  before.note(first, { by: 'a test', where: 'x.test.ts' })
  before.save()
  const after = new LastTime(root)
  expect(after.firstFor(first)).toEqual(['x.test.ts'])
  expect(after.firstFor(second)).toEqual([])
})

it('asks first, on a clean checkout, who noticed the mutant, then who noticed most of its file', () => {
  const before = new LastTime(root)
  before.note(first, { by: 'one', where: 'rare.test.ts' })
  before.note(second, { by: 'two', where: 'usual.test.ts' })
  before.note(third, { by: 'three', where: 'usual.test.ts' })
  before.save(mutants)
  rmSync(join(root, 'reports'), { recursive: true })
  const after = new LastTime(root)
  expect(after.firstFor(unseen)).toEqual(['usual.test.ts', 'rare.test.ts'])
  expect(after.firstFor(second)).toEqual(['usual.test.ts', 'rare.test.ts'])
  expect(after.firstFor(first)).toEqual(['rare.test.ts', 'usual.test.ts'])
  expect(JSON.parse(readFileSync(join(root, 'framework/measure/mutants/noticed.json'), 'utf8'))).toEqual({
    'x.ts': { usual: ['usual.test.ts', 'rare.test.ts'], others: { 'a → b': 'rare.test.ts' } },
  })
})

it('notes nobody for a mutant whose tests did not end', () => {
  const lastTime = new LastTime(root)
  lastTime.note(first, { by: 'its tests, which do not end', where: '' })
  expect(lastTime.firstFor(first)).toEqual([])
})
