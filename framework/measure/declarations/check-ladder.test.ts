import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { patternNames } from '../../runner/load-pattern.ts'
import { checkAttackIds } from './check-attack-ids.ts'
import { ladderProblems, notebookOf } from './check-ladder.ts'
import { declaredNames, loadDeclaration } from './load-declarations.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-ladder-'))
})
afterEach(() => rm(root, { recursive: true }))

interface Ladder {
  readonly patterns?: readonly string[]
  readonly declarations?: readonly string[]
  readonly notebooks?: readonly string[]
}

/** The problems of a ladder that has these names in its three folders. */
async function problemsOf({
  patterns = ['p01-a'],
  declarations = ['p01-a.ts'],
  notebooks = ['01-a.ipynb'],
}: Ladder): Promise<string[]> {
  const folders = {
    patterns: join(root, 'patterns'),
    declarations: join(root, 'declarations'),
    notebooks: join(root, 'notebooks'),
  }
  for (const folder of Object.values(folders)) await mkdir(folder)
  for (const name of patterns) await mkdir(join(folders.patterns, name))
  for (const name of declarations) await writeFile(join(folders.declarations, name), '')
  for (const name of notebooks) await writeFile(join(folders.notebooks, name), '')
  return ladderProblems(folders)
}

const incomplete: [string, Ladder, string][] = [
  [
    'a folder without a declaration',
    { declarations: [] },
    'patterns/p01-a: no declaration; write framework/measure/declarations/p01-a.ts',
  ],
  [
    'a declaration without a folder',
    { declarations: ['p01-a.ts', 'p02-b.ts'] },
    'framework/measure/declarations/p02-b.ts: no folder patterns/p02-b; remove or rename it',
  ],
  [
    'a pattern without a notebook',
    { notebooks: [] },
    'patterns/p01-a: no notebook; write notebooks/01-a.ipynb',
  ],
  [
    'a notebook without a pattern',
    { notebooks: ['01-a.ipynb', '02-b.ipynb'] },
    'notebooks/02-b.ipynb: no folder patterns/p02-b; remove or rename it',
  ],
  [
    'a second notebook without a pattern',
    { notebooks: ['01-a.ipynb', '02b-more.ipynb'] },
    'notebooks/02b-more.ipynb: no pattern has the number p02; remove or rename it',
  ],
  [
    'a number that two patterns have',
    {
      patterns: ['p01-a', 'p01-b'],
      declarations: ['p01-a.ts', 'p01-b.ts'],
      notebooks: ['01-a.ipynb', '01-b.ipynb'],
    },
    'patterns/p01-b: p01 is taken; choose another number',
  ],
  [
    'a folder with a wrong name',
    { patterns: ['p01-a', 'P2_b'] },
    'patterns/P2_b: not the name of a pattern; call it pNN-name, in lower case',
  ],
]

it.each(incomplete)('finds %s, by name', async (_what, ladder, problem) => {
  expect(await problemsOf(ladder)).toEqual([problem])
})

it('finds nothing where each pattern has all three, and leaves the set-up notebook and tests aside', async () => {
  expect(
    await problemsOf({
      declarations: ['p01-a.ts', 'p01-a.test.ts', 'declaration.ts'],
      notebooks: ['00-x.ipynb', '01-a.ipynb'],
    }),
  ).toEqual([])
})

it('finds nothing in this project', async () => {
  expect(await ladderProblems()).toEqual([])
  expect(await declaredNames()).toEqual(await patternNames())
})

it('a declaration with an unknown attack, or with two outcomes for one, is refused by file and id', () => {
  const attacks = { succeed: ['bearer-replay'], notApplicable: [] }
  const file = 'framework/measure/declarations/p09-x.ts'
  expect(() =>
    checkAttackIds('p09-x', {
      attacks: { ...attacks, succeed: ['bearer-reply'] },
      otherReasonOnKeycloak: [],
    }),
  ).toThrow(new UserError(`${file}: unknown attack "bearer-reply"; framework/attacks/index.ts lists them`))
  expect(() => checkAttackIds('p09-x', { attacks, otherReasonOnKeycloak: ['nothing'] })).toThrow(
    /unknown attack "nothing"/,
  )
  expect(() =>
    checkAttackIds('p09-x', {
      attacks: { ...attacks, notApplicable: ['bearer-replay'] },
      otherReasonOnKeycloak: [],
    }),
  ).toThrow(new UserError(`${file}: "bearer-replay" is declared twice; an attack has one outcome`))
})

it('every declaration names attacks that exist, each once', async () => {
  for (const name of await declaredNames()) await expect(loadDeclaration(name)).resolves.toBeDefined()
})

it('calls a notebook by its pattern', () => {
  expect(notebookOf('p06-scoped-token-opa')).toBe('06-scoped-token-opa.ipynb')
})
