import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forEachNotebook, notebookNames, notebooksFolder } from '../headless/all-notebooks.ts'
import { differences } from '../headless/differences.ts'
import { readNotebook } from '../headless/notebook-file.ts'
import { registerKernel } from './kernel-spec.ts'

/** For one notebook, in ms. */
const limit = 300_000
const hasJupyter = spawnSync('jupyter', ['nbconvert', '--version'], { stdio: 'ignore' }).status === 0
const names = await notebookNames()

/** Jupyter, if installed, must give the outputs of the runner that needs Node alone. */
describe.skipIf(!hasJupyter)('jupyter nbconvert --execute', () => {
  let scratch: string
  let runs: Promise<unknown>[] = []

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'nbconvert-'))
    await registerKernel(scratch)
    const env = { ...process.env, JUPYTER_PATH: scratch }
    runs = forEachNotebook(names, (name) => {
      const options = ['--to', 'notebook', '--execute', '--output-dir', join(scratch, 'executed')]
      return promisify(execFile)('jupyter', ['nbconvert', ...options, join(notebooksFolder, name)], { env })
    })
    // Each failure is told by the test that waits for it, and not before.
    for (const run of runs) run.catch(() => {})
  })
  afterAll(() => rm(scratch, { recursive: true, force: true }))

  test.each(names)(
    '%s comes out as it is committed',
    async (name) => {
      await runs[names.indexOf(name)]
      const [committed, executed] = [notebooksFolder, join(scratch, 'executed')].map((folder) =>
        join(folder, name),
      )
      expect(
        differences(await readNotebook(committed as string), await readNotebook(executed as string)),
      ).toEqual([])
    },
    limit,
  )
})
