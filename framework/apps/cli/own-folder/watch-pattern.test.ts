import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createFolder } from '../../../process/create-folder.ts'
import { projectFolder } from '../../../process/folders.ts'
import { describePattern } from '../../../runner/describe-pattern.ts'
import { ownFiles } from './own-files.ts'
import { watchPattern } from './watch-pattern.ts'

let above: string
let folder: string
beforeAll(async () => {
  await mkdir(join(projectFolder, 'reports'), { recursive: true })
  above = await realpath(await mkdtemp(join(projectFolder, 'reports/watch-')))
  folder = join(above, 'mine')
  await createFolder(folder, ownFiles(folder, await describePattern('p06')))
})
afterAll(() => rm(above, { recursive: true }))

it('a watched pattern runs after each save, marks what changed, tells a broken file and goes on', async () => {
  const controller = new AbortController()
  let out = ''
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += stripVTControlCharacters(String(chunk)).replaceAll(relative(process.cwd(), above), '.')
    return true
  })
  const next = async (end: RegExp): Promise<string[]> => {
    await vi.waitFor(() => expect(out).toMatch(end), { timeout: 20_000 })
    const told = out
      .trim()
      .replaceAll(/^\d\d:\d\d:\d\d/gm, 'now')
      .split('\n')
    out = ''
    return told
  }
  const file = join(folder, 'service-auth.ts')
  const good = await readFile(file, 'utf8')
  const watching = watchPattern(folder, {
    users: () => ['alice', 'bob'],
    prompts: [1, 3],
    stack: {},
    signal: controller.signal,
  })
  try {
    expect(await next(/Watching/)).toEqual([
      'alice   1✓   3✓ ',
      'bob     1✓   3✓ ',
      '4 of 4 match the ground truth.',
      'Watching ./mine: save a file to run it again, Ctrl-C to end.',
    ])
    await writeFile(file, good.replace('return {', 'return {{'))
    const broken = await next(/error: .*\n/)
    expect(broken[0]).toBe('now service-auth.ts saved')
    expect(broken[1]).toMatch(/^\.\/mine\/service-auth\.ts:\d+: /)
    expect(broken.at(-1)).toMatch(/^error: .*service-auth\.ts.* cannot be loaded: /)
    await writeFile(file, good.replace('userId: token.userId', "userId: 'bob'"))
    expect(await next(/ground truth/)).toEqual([
      'now service-auth.ts saved',
      'alice  [1✗] [3✗]',
      'bob     1✓   3✓ ',
      "alice 1 What are my expenses? allowed → wrong-user 200 ✗ should be allowed: it counted as bob's",
      "alice 3 Find the incident runbook. allowed → wrong-user 200 ✗ should be allowed: it counted as bob's",
      '2 of 4 match the ground truth (4 before).',
    ])
  } finally {
    controller.abort()
    await watching.finally(() => spy.mockRestore())
  }
})
