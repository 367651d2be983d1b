import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoadedLab, loadLabs, type WorkLab } from './load-labs.ts'
import { MyFiles } from './my-files.ts'
import { ProgressFile } from './progress.ts'

let home: string
let notes: string[]
let progress: ProgressFile
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'learn-'))
  notes = []
  progress = new ProgressFile(home, (note) => notes.push(note))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const entry = { opened: '2026-01-01T00:00:00.000Z', hints: 2 }
const store = (text: string) => writeFile(join(home, 'progress.json'), text)
const kept = () => readFile(join(home, 'progress.json.kept-1'), 'utf8')

describe('the progress file', () => {
  it.each(['', '{"schema": 1, "labs": {"p05', '[1]', 'null', '{"schema":1}', '{"schema":1,"labs":3}'])(
    'that is broken is kept, and said in one line: %j',
    async (text) => {
      await store(text)
      expect(progress.read()).toEqual({})
      expect(notes).toEqual([
        expect.stringMatching(/^progress\.json could not be read: it is kept as [^\n]+$/),
      ])
      expect(await kept()).toBe(text)
      progress.update('a', (before) => ({ ...before, hints: 1 }))
      expect(progress.read().a?.hints).toBe(1)
      expect(notes).toHaveLength(1)
    },
  )

  it('of an older version is read, and kept', async () => {
    await store(JSON.stringify({ labs: { a: entry, b: 'solved' } }))
    expect(progress.read()).toEqual({ a: entry })
    expect(notes).toEqual([expect.stringContaining('of an older version')])
    expect(JSON.parse(await kept())).toHaveProperty('labs.b')
    expect(progress.read()).toEqual({ a: entry })
    expect(notes).toHaveLength(1)
  })

  it('of a newer version is left alone', async () => {
    const text = JSON.stringify({ schema: 99, labs: { a: entry } })
    await store(text)
    expect(() => progress.read()).toThrow(/newer version of the lab \(99\): update the checkout/)
    expect(() => progress.update('a', (before) => before)).toThrow(/newer version/)
    expect(await readFile(join(home, 'progress.json'), 'utf8')).toBe(text)
    expect(await readdir(home)).toEqual(['progress.json'])
  })

  it('loses nothing that another terminal wrote', () => {
    const other = new ProgressFile(home, () => {})
    progress.update('a', (before) => ({ ...before, hints: 1 }))
    other.update('b', (before) => ({ ...before, hints: 2 }))
    progress.update('a', (before) => ({ ...before, hints: before.hints + 1 }))
    expect(Object.entries(other.read()).map(([id, { hints }]) => [id, hints])).toEqual([
      ['a', 2],
      ['b', 2],
    ])
    expect(existsSync(join(home, 'progress.json.lock'))).toBe(false)
  })
})

describe("the learner's files", async () => {
  const labs = await loadLabs()
  const lab = labs.find((each: LoadedLab): each is WorkLab => each.lab.kind === 'attack') as WorkLab

  it('are laid out once, and never again over what the learner wrote', async () => {
    const files = new MyFiles(home, lab)
    expect(await files.open()).toBe(true)
    await writeFile(join(files.folder, 'attack.ts'), 'mine')
    expect(await files.open()).toBe(false)
    expect(await readFile(join(files.folder, 'attack.ts'), 'utf8')).toBe('mine')
  })

  it('are kept by a reset', async () => {
    const files = new MyFiles(home, lab)
    await files.open()
    await writeFile(join(files.folder, 'attack.ts'), 'mine')
    const place = await files.reset()
    expect(await readFile(join(String(place), 'attack.ts'), 'utf8')).toBe('mine')
    expect(await readFile(join(files.folder, 'attack.ts'), 'utf8')).toContain('export async function attack')
    await rm(files.folder, { recursive: true })
    expect(await files.reset()).toBeUndefined()
  })

  it('are the same code where only layout and comments differ', async () => {
    const files = new MyFiles(home, lab)
    await files.open()
    const path = join(files.folder, 'attack.ts')
    const code = await files.code()
    await writeFile(path, `// a comment\n\n${await readFile(path, 'utf8')}   \n`)
    expect(await files.code()).toBe(code)
    await writeFile(path, `${await readFile(path, 'utf8')}console.log(1)\n`)
    expect(await files.code()).not.toBe(code)
    await rm(path)
    expect(await files.code()).toBe('')
  })
})
