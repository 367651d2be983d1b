import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importProblems } from './check-imports.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-imports-'))
})
afterAll(() => rm(root, { recursive: true }))

/** The problems of a project that has these files alone. */
async function problemsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  await rm(root, { recursive: true })
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), source)
  }
  return importProblems(root)
}

const up = "import '../runner/stack.ts'"
const refused: [string, string, string, RegExp][] = [
  ['a room that imports a later one', 'framework/trace/a.ts', up, /trace comes before framework\/runner/],
  [
    'a type from a later room',
    'framework/trace/a.ts',
    "import type { A } from '../runner/stack.ts'",
    /trace comes before/,
  ],
  [
    'an inline type from a later room',
    'framework/trace/a.ts',
    "export type A = import('../runner/stack.ts').A",
    /trace comes before/,
  ],
  [
    'a re-export from a later room',
    'framework/trace/a.ts',
    "export * from '../runner/stack.ts'",
    /trace comes before/,
  ],
  [
    'a dynamic import of a later room',
    'framework/trace/a.ts',
    "export const a = import('../runner/stack.ts')",
    /trace comes before/,
  ],
  ['a test that imports a later room', 'framework/trace/a.test.ts', up, /trace comes before/],
  [
    'a later room by its package',
    'framework/parties/a.ts',
    "import '@lab/framework/notebook'",
    /parties comes before framework\/apps/,
  ],
  ['the facade from a room', 'framework/apps/a.ts', "import '@lab/framework'", /apps comes before framework/],
  [
    'a contract that imports a service',
    'framework/contract/a.ts',
    "import '@lab/services'",
    /contract comes before services/,
  ],
  [
    'a pattern that imports the framework',
    'patterns/p01-x/mcp-auth.ts',
    "import '@lab/framework'",
    /a pattern imports @lab\/contract alone/,
  ],
  [
    'a pattern that imports another one',
    'patterns/p01-x/mcp-auth.ts',
    "import '../p02-y/mcp-auth.ts'",
    /nothing imports a pattern/,
  ],
  [
    'a room that imports a pattern',
    'framework/apps/a.ts',
    "import '../../patterns/p01-x/mcp-auth.ts'",
    /nothing imports a pattern/,
  ],
  [
    'a flawed pattern that imports a room',
    'framework/attacks/flawed-patterns/x/mcp-auth.ts',
    "import '../../index.ts'",
    /a flawed pattern imports/,
  ],
  [
    'a service that imports the framework',
    'services/expenses/a.ts',
    "import '../../framework/process/exit.ts'",
    /a service imports @lab\/contract/,
  ],
  [
    'a service that imports another one',
    'services/expenses/a.ts',
    "import '../directory/rows.ts'",
    /one service does not import another/,
  ],
  [
    'shared code that imports a service',
    'services/shared/a.ts',
    "import '../expenses/rows.ts'",
    /shared comes before/,
  ],
  [
    'shared code that imports the database',
    'services/shared/a.ts',
    "import '../data/database.ts'",
    /shared comes before services\/data/,
  ],
  [
    'code that imports a test helper',
    'framework/runner/a.ts',
    "import './testing/consent.ts'",
    /only tests import from a folder testing/,
  ],
]

it.each(refused)('finds %s', async (_what, path, source, rule) => {
  const problems = await problemsOf({ [path]: source })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(rule)
  expect(problems[0]).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}: imports `))
  expect(problems[0]).not.toContain('\n')
})

it('finds a circle, once, and names the way around it', async () => {
  const problems = await problemsOf({
    'framework/trace/a.ts': "import './b.ts'",
    'framework/trace/b.ts': "import type { C } from './c.ts'",
    'framework/trace/c.ts': "export { a } from './a.ts'",
    'framework/trace/d.ts': "import './a.ts'",
  })
  expect(problems).toEqual([
    'framework/trace/a.ts: imports itself in a circle (framework/trace/a.ts → framework/trace/b.ts → framework/trace/c.ts → framework/trace/a.ts); move what they share below both',
  ])
})

it('finds nothing where imports run down', async () => {
  expect(
    await problemsOf({
      'framework/contract/index.ts': "import 'jose'",
      'framework/runner/stack.ts':
        "import '../trace/recorder.ts'\nimport '@lab/services'\nimport '@lab/contract'",
      'framework/runner/stack.test.ts': "import './testing/consent.ts'",
      'patterns/p01-x/mcp-auth.ts': "import type { AuthHandler } from '@lab/contract'",
      'services/data/database.ts': "import '../expenses/rows.ts'",
      'services/service.ts': "import './data/database.ts'",
    }),
  ).toEqual([])
})

it('names a file that cannot be parsed', async () => {
  await expect(problemsOf({ 'framework/trace/a.ts': 'import {' })).rejects.toThrow(
    /trace\/a\.ts: cannot be parsed/,
  )
})

it('finds nothing in this project', async () => {
  expect(await importProblems()).toEqual([])
})
