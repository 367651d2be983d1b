import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addToLadder } from './add-to-ladder.ts'
import { type LadderFolders, ladder, ladderProblems } from './check-ladder.ts'

const from = 'p08-token-bound'
let root: string
let folders: LadderFolders
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-add-'))
  folders = {
    patterns: join(root, 'patterns'),
    declarations: join(root, 'declarations'),
    notebooks: join(root, 'notebooks'),
  }
  for (const part of ['patterns', 'declarations', 'notebooks'] as const) {
    const inLadder = (path: string) => !/node_modules|\.jupyter|kernel|headless|jupyter/.test(path)
    await cp(ladder[part], folders[part], { recursive: true, filter: inLadder })
  }
})
afterEach(() => rm(root, { recursive: true }))

async function allFiles(): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

it.each([
  ['a name that is none', 'name', /"name" is no name for a pattern: call it pNN-name/],
  ['a name in upper case', 'p17-Name', /is no name for a pattern/],
  ['a path', 'p17-../x', /is no name for a pattern/],
  ['a number that is taken', 'p08-other', /p08 is taken by p08-token-bound: choose another number/],
])('refuses %s, and writes nothing', async (_what, name, reason) => {
  const before = await allFiles()
  await expect(addToLadder(name, from, folders)).rejects.toThrow(reason)
  expect(await allFiles()).toEqual(before)
})

it('refuses to write over a notebook that is there, and writes nothing', async () => {
  await writeFile(join(folders.notebooks, '17-name.ipynb'), 'mine')
  const before = await allFiles()
  await expect(addToLadder('p17-name', from, folders)).rejects.toThrow(
    /17-name\.ipynb exists already: remove it/,
  )
  expect(await allFiles()).toEqual(before)
  expect(await readFile(join(folders.notebooks, '17-name.ipynb'), 'utf8')).toBe('mine')
})

it('writes four files, and the ladder is complete', async () => {
  const before = await allFiles()
  const written = await addToLadder('p17-name-of-it', from, folders)
  expect((await allFiles()).filter((file) => !before.includes(file)).sort()).toEqual(
    written.map((path) => relative(root, path)).sort(),
  )
  expect(written.map((path) => relative(root, path))).toEqual([
    'patterns/p17-name-of-it/mcp-auth.ts',
    'patterns/p17-name-of-it/service-auth.ts',
    'declarations/p17-name-of-it.ts',
    'notebooks/17-name-of-it.ipynb',
  ])
  expect(await ladderProblems(folders)).toEqual([])
})

it('gives them the new number, title and baseline, and the notebook no output of the old one', async () => {
  const [mcpAuth = '', , declaration = '', notebook = ''] = await addToLadder('p17-name-of-it', from, folders)
  expect(await readFile(mcpAuth, 'utf8')).toMatch(/^\/\*\*\n \* p17 [\s\S]* \* Baseline: p08\.\n \*\/\n/)
  expect(await readFile(declaration, 'utf8')).toContain("  title: 'Name of it',\n")
  const { cells } = JSON.parse(await readFile(notebook, 'utf8')) as {
    cells: { source: string[]; outputs?: [] }[]
  }
  expect(cells[0]?.source[0]).toBe('# 17 Name of it\n')
  const code = cells.filter(({ outputs }) => outputs)
  expect(code.flatMap(({ outputs }) => outputs)).toEqual([])
  expect(code[0]?.source.join('')).toContain("await openLesson('p17')")
  expect(JSON.stringify(cells)).not.toContain("'p08'")
})

describe('a branch', () => {
  it('is no start for a rung: nothing is written', async () => {
    await addToLadder('p17-branch', from, folders, 'branch')
    const before = await allFiles()
    await expect(addToLadder('p18-rung', 'p17-branch', folders)).rejects.toThrow(
      'p17-branch is a branch, and a rung stands on a rung: use --branch',
    )
    expect(await allFiles()).toEqual(before)
  })

  it('is four files, whose headers and declaration name the pattern that it starts as', async () => {
    const written = await addToLadder('p17-agent', 'p02-shared-api-key', folders, 'branch')
    const [mcpAuth = '', serviceAuth = '', declaration = ''] = written
    expect(await readFile(declaration, 'utf8')).toContain("  title: 'Agent',\n  base: 'p02',\n")
    for (const file of [mcpAuth, serviceAuth]) {
      expect(await readFile(file, 'utf8')).toMatch(/^\/\*\*\n \* p17 [\s\S]* \* Baseline: p02\.\n \*\/\n/)
    }
    expect(await ladderProblems(folders)).toEqual([])
  })

  it('of a branch stands on that one, and on no other', async () => {
    await addToLadder('p17-one', from, folders, 'branch')
    const [, , declaration = ''] = await addToLadder('p18-two', 'p17-one', folders, 'branch')
    expect((await readFile(declaration, 'utf8')).match(/^ {2}base: .*$/gm)).toEqual(["  base: 'p17',"])
    expect(await ladderProblems(folders)).toEqual([])
  })

  it('whose header names another baseline than its base is found, by file', async () => {
    const [mcpAuth = ''] = await addToLadder('p17-agent', from, folders, 'branch')
    await writeFile(mcpAuth, (await readFile(mcpAuth, 'utf8')).replace('Baseline: p08', 'Baseline: p07'))
    expect(await ladderProblems(folders)).toEqual([
      'patterns/p17-agent/mcp-auth.ts: "Baseline: p07", and its declaration\'s base is p08',
    ])
  })
})
