import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
const lab = 'p05-attack-every-door'
let home: string
beforeAll(async () => {
  await mkdir(join(projectFolder, 'reports'), { recursive: true })
  home = await mkdtemp(join(projectFolder, 'reports/learn-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

interface Started {
  readonly child: ChildProcess
  readonly text: () => string
  readonly ended: Promise<number | null>
  /** Resolves when it has printed this. */
  readonly prints: (what: RegExp) => Promise<void>
}

function start(...args: string[]): Started {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'learn', ...args], {
    cwd: projectFolder,
    env: { PATH, HOME, MY_LABS: home },
  })
  let text = ''
  const waiting: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk
      for (const look of waiting) look()
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const prints = (what: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => what.test(text) && resolve()
      waiting.push(look)
      look()
      void ended.then(() => reject(new Error(`ended without ${what}: ${text}`)))
    })
  return { child, text: () => text, ended, prints }
}

describe('a lab', () => {
  it('is watched: a save that solves it is said, and Ctrl-C ends it', async () => {
    const { child, text, ended, prints } = start('p05')
    await prints(/✗ not yet: expenses refused it with 401/)
    const solution = await readFile(join(projectFolder, 'labs', lab, 'solution/attack.ts'), 'utf8')
    await writeFile(join(home, lab, 'attack.ts'), solution.replace("'GET'", '7'))
    await prints(/attack\.ts:\d+: Type 'number' is not assignable to type 'string'\./)
    await cp(join(projectFolder, 'labs', lab, 'solution/attack.ts'), join(home, lab, 'attack.ts'))
    await prints(/✓ solved: /)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(text()).not.toMatch(/^\s+at /m)
    const { labs } = JSON.parse(await readFile(join(home, 'progress.json'), 'utf8'))
    expect(labs[lab]).toMatchObject({ solved: expect.any(String), hints: 0 })
  })

  it('takes words from a pipe, and ends with its finding', async () => {
    const { child, text, ended } = start('p05-fix-unsigned')
    child.stdin?.end('hint\nsesame\nreset\n')
    // A finding, as of any check.
    expect(await ended).toBe(1)
    expect(text()).toContain('Hint 1 of 3')
    expect(text()).toContain('"sesame" is not understood: type hint, solution, reset, next or quit')
    expect(text()).toMatch(/Your files are kept in \S+\.kept\//)
    expect(text()).toMatch(/✗ not yet: own-key still succeeds/)
  })
})
