import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findPattern } from '../runner/load-pattern.ts'
import { attacks } from './index.ts'
import type { AttackResult } from './run-attacks.ts'

const main = fileURLToPath(new URL('../apps/cli/main.ts', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  ['p03', 'copied'],
  // Not even the name of another of the eight makes a difference.
  ['p08', 'p01-no-auth'],
])(
  'a copy of %s that is called %s, elsewhere, gets the same verdicts',
  async (which, name) => {
    const copy = join(folder, name)
    await cp(await findPattern(which), copy, { recursive: true })
    const results = await attack(copy)
    const letters = { succeeds: 'S', blocked: 'B', 'n/a': '-', error: 'error' }
    expect(results.map(({ id, outcome }) => `${id} ${letters[outcome]}`)).toEqual(
      attacks.map(({ id, expected }) => `${id} ${expected[Number(which.slice(1)) - 1]}`),
    )
    // Nothing is declared for a pattern of one's own.
    expect(results.every((result) => !('expected' in result))).toBe(true)
  },
  120_000,
)

/** As a person would do it: the command, in a process of its own. */
async function attack(which: string): Promise<AttackResult[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', main, 'attack', which, '--json'],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(stdout).attacks
}
