import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CopyProcess } from './copy-process.ts'
import type { CopyProblem } from './copy-report.ts'

const pattern = 'p06-scoped-token-opa'
let folder: string
let copy: CopyProcess
let hasty: CopyProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copy-process-'))
  copy = new CopyProcess({}, { heap: 192, step: 60_000 })
  hasty = new CopyProcess({}, { step: 2_000 })
})
afterAll(async () => {
  await copy.stop()
  await hasty.stop()
  await rm(folder, { recursive: true })
})

let runs = 0
async function measured(code: string, on = copy) {
  const own = join(folder, String(++runs))
  await mkdir(own)
  await writeFile(join(own, 'mcp-auth.ts'), code)
  await writeFile(join(own, 'service-auth.ts'), 'export const getIdentity = () => {}\n')
  const problems: CopyProblem[] = []
  const ending = await on.measure(pattern, own, {
    onProblem: (problem) => problems.push(problem),
    onCell: () => {},
    onAttack: () => {},
    onSaid: () => {},
  })
  return { ending, problems }
}

describe('a copy that goes wrong is told in a line, and the next one is measured as ever:', () => {
  it('code that cannot be loaded, at its line', async () => {
    const { ending, problems } = await measured('\nthrow new TypeError("mine")')
    expect(ending).toBe('your copy cannot be loaded (mcp-auth.ts line 2): correct it and run it again')
    expect(problems).toContainEqual({ file: 'mcp-auth.ts', line: 2, message: 'mine' })
  })

  it.each([
    [
      'messages that are none of the lab’s, and an end of the process',
      "process.send({ type: 'over', number: 2 }); process.send('x'); setTimeout(() => process.exit(3), 50); await new Promise(() => {})",
      /^your copy ended the process that ran it \(exit code 3\)/,
    ],
    [
      'a full memory',
      'const all = []; for (;;) all.push(new Array(1e6).fill(1.5))',
      /^your copy took more memory than it may \(192 MB\) and was ended/,
    ],
  ])('%s', async (_what, code, line) => {
    expect((await measured(code)).ending).toMatch(line)
  })

  it('a loop without an end', async () => {
    const line = /^your copy did not come back within 2 s and was ended/
    expect((await measured('for (;;) {}', hasty)).ending).toMatch(line)
  })
})
