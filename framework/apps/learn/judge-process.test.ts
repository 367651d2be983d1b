import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import type { Finding } from './finding.ts'
import { JudgeProcess } from './judge-process.ts'

const lab = 'p05-attack-every-door'
let folder: string
let judge: JudgeProcess
const said: string[] = []
beforeAll(async () => {
  await mkdir(join(projectFolder, 'reports'), { recursive: true })
  folder = await mkdtemp(join(projectFolder, 'reports/judge-'))
  judge = new JudgeProcess((text) => said.push(text))
})
afterAll(async () => {
  await judge.stop()
  await rm(folder, { recursive: true, force: true })
})

async function saved(code: string): Promise<Finding | undefined> {
  await writeFile(
    join(folder, 'attack.ts'),
    `export async function attack({ send, captured }) {\n${code}\n}\n`,
  )
  return judge.judge(lab, folder)
}

describe('code that goes wrong gets one line, and the next save is judged as ever', () => {
  it.each([
    ['a loop without an end', 'for (;;) {}', /^your code did not come back within 10 s and was ended\.$/],
    [
      'an end of the process',
      'process.exit(3)',
      /^your code ended the process that ran it \(exit code 3\)\.$/,
    ],
    ['a thrown error', 'send.nowhere.at()', /^attack\.ts line 2: Cannot read properties of undefined/],
    ['a syntax error', 'const = 1', /^attack\.ts line 2: /],
  ])('%s', async (_what, code, line) => {
    expect(await saved(code)).toMatchObject({ solved: false, line: expect.stringMatching(line) })
    expect(await saved('')).toMatchObject({ solved: false, line: 'nothing was sent yet.' })
  })

  it('state outside of the module, which no later save meets', async () => {
    expect(await saved('globalThis.seen = (globalThis.seen ?? 0) + 1')).toMatchObject({
      line: 'nothing was sent yet.',
      evidence: ['left behind by your code: globalThis.seen. The next save runs in a new process.'],
    })
    await saved('console.log("seen:", globalThis.seen)')
    expect(said).toContain('seen: undefined')
  })

  it('a request that the service does not understand', async () => {
    expect(
      await saved("await send('expenses', { ...captured, method: 'POST', path: '/expenses', body: {} })"),
    ).toMatchObject({
      line: 'expenses answered 400 to POST expenses: amount: is missing; description: is missing.',
    })
  })

  it('a service that there is not', async () => {
    expect(await saved("await send('expense', { method: 'GET', path: '/' })")).toMatchObject({
      line: 'attack.ts line 2: there is no service "expense": use expenses, documents, directory.',
    })
  })

  it('a file that was renamed', async () => {
    await rename(join(folder, 'attack.ts'), join(folder, 'attack.old.ts'))
    const line = 'attack.ts is gone: put it back, or type reset'
    expect(await judge.judge(lab, folder)).toMatchObject({ solved: false, line })
  })

  it('a promise that nobody waits for', async () => {
    await saved("void Promise.reject(new Error('later'))\nawait new Promise((go) => setTimeout(go, 50))")
    expect(said).toContainEqual(expect.stringMatching(/^not caught: attack\.ts line 2: later/))
  })

  it('a save while another is judged takes its place', async () => {
    const first = saved('await new Promise((go) => setTimeout(go, 1_000))')
    await new Promise((go) => setTimeout(go, 100))
    const second = saved("console.log('second')")
    expect(await first).toBeUndefined()
    expect(await second).toMatchObject({ line: 'nothing was sent yet.' })
    expect(said).toContain('second')
  })
})
