import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchFolder } from './watch-folder.ts'

let above: string
let folder: string
let controller: AbortController

beforeEach(async () => {
  above = await realpath(await mkdtemp(join(tmpdir(), 'watch-')))
  folder = join(above, 'mine')
  await mkdir(folder)
  await writeFile(join(folder, 'a.ts'), 'as it was')
  controller = new AbortController()
})
afterEach(async () => {
  controller.abort()
  await rm(above, { recursive: true, force: true })
})

const write = (name: string, text: string) => writeFile(join(folder, name), text)

async function next(changes: AsyncIterator<readonly string[]>): Promise<readonly string[] | undefined> {
  return (await changes.next()).value
}

/** The first two files that are told, in order; on a busy machine each may be told alone. */
async function nextTwo(changes: AsyncIterator<readonly string[]>): Promise<string[]> {
  const seen = new Set<string>()
  while (seen.size < 2) for (const name of (await next(changes)) ?? []) seen.add(name)
  return [...seen].sort()
}

describe('watchFolder', () => {
  it('tells a burst of changes as one, and nothing of the files that stood there before', async () => {
    const changes = await watchFolder(folder, controller)
    for (const text of ['1', '2', '3']) await write('a.ts', text)
    await write('b.ts', '1')
    expect(await next(changes)).toEqual(['a.ts', 'b.ts'])
  })

  it('tells each save by renaming, the loss of a file and its return', async () => {
    const changes = await watchFolder(folder, controller)
    for (const text of ['1', '2']) {
      await write('.a.ts.new', text)
      await rename(join(folder, '.a.ts.new'), join(folder, 'a.ts'))
      expect(await next(changes)).toEqual(['a.ts'])
    }
    await rm(join(folder, 'a.ts'))
    expect(await next(changes)).toEqual(['a.ts'])
    await write('a.ts', '3')
    expect(await next(changes)).toEqual(['a.ts'])
  })

  it('goes on where the folder goes away and comes back', async () => {
    const changes = await watchFolder(folder, controller)
    await rm(folder, { recursive: true })
    expect(await next(changes)).toEqual(['a.ts'])
    await mkdir(folder)
    await write('a.ts', 'again')
    expect(await next(changes)).toEqual(['a.ts'])
    await write('a.ts', 'and again')
    expect(await next(changes)).toEqual(['a.ts'])
  })

  it('keeps what changed while its reader was busy', async () => {
    const changes = await watchFolder(folder, controller)
    await write('a.ts', '1')
    expect(await next(changes)).toEqual(['a.ts'])
    await write('b.ts', '1')
    await new Promise((resolve) => setTimeout(resolve, 200))
    await write('c.ts', '1')
    expect(await nextTwo(changes)).toEqual(['b.ts', 'c.ts'])
  })

  it('leaves out the copies of editors, files of folders in it, and what the caller does not watch', async () => {
    await mkdir(join(folder, 'deeper'))
    const changes = await watchFolder(folder, controller)
    const byRule = await watchFolder(folder, {
      ...controller,
      signal: controller.signal,
      isWatched: (name) => name === 'b.ts',
    })
    for (const name of ['.a.ts.swp', '.#a.ts', '#a.ts#', 'a.ts~', 'deeper/c.ts']) await write(name, '1')
    await write('a.ts', '1')
    await write('b.ts', '1')
    expect(await nextTwo(changes)).toEqual(['a.ts', 'b.ts'])
    expect(await next(byRule)).toEqual(['b.ts'])
  })

  it('ends with its signal: at once, while it waits, and before it begins', async () => {
    const changes = await watchFolder(folder, controller)
    const waiting = changes.next()
    await new Promise(setImmediate)
    controller.abort(new Error('enough'))
    expect(await waiting).toEqual({ done: true, value: undefined })
    await write('a.ts', '1')
    expect(await changes.next()).toEqual({ done: true, value: undefined })
    await expect(watchFolder(folder, controller)).rejects.toThrow('enough')
  })

  it('leaves nothing running when its reader breaks off', async () => {
    const watching = () =>
      process.getActiveResourcesInfo().filter((kind) => kind.startsWith('FSEvent')).length
    const before = watching()
    const changes = await watchFolder(folder, controller)
    await write('a.ts', '1')
    expect(watching()).toBeGreaterThan(before)
    for await (const _names of changes) break
    await vi.waitFor(() => expect(watching()).toBe(before))
  })
})
