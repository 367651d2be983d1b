import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import { findPattern } from '../../runner/load-pattern.ts'
import { declaredOutcome, type JudgedResult } from './declared-outcome.ts'
import { loadDeclaration } from './load-declarations.ts'

const main = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  ['p03', 'copied'],
  // Not even the name of another pattern of the ladder makes a difference.
  ['p08', 'p01-no-auth'],
])(
  'a copy of %s that is called %s, elsewhere, gets the same verdicts',
  async (which, name) => {
    const copy = join(folder, name)
    const origin = await findPattern(which)
    await cp(origin, copy, { recursive: true })
    const declaration = await loadDeclaration(basename(origin))
    const results = await attack(copy)
    expect(results.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(
      attacks.map(({ id }) => `${id} ${declaredOutcome(declaration, id)}`),
    )
    // Nothing is declared for a pattern outside of the ladder.
    expect(results.every((result) => !('expected' in result))).toBe(true)
  },
  120_000,
)

/** As a person would do it: the command, in a process of its own. */
async function attack(which: string): Promise<JudgedResult[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', main, 'attack', which, '--json'],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(stdout).attacks
}
