import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runHere } from './testing/run-here.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-job-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the nightly job', () => {
  it('is refused on a pattern that carries a user’s credential', async () => {
    const { code, err } = await runHere(['job', 'p05'])
    expect(code).toBe(2)
    expect(err).toBe(
      "error: p05-token-forwarding carries a user's credential (bearer), and a job has no user: use p12\n",
    )
  })

  it.each([
    ['by its key', 'nightly-job', []],
    ['by a token of its platform', 'nightly-workload', ['--workload']],
  ])('is served %s, and everything is the agent’s', async (_how, agent, flags) => {
    const place = flags.flatMap((flag) => [flag, join(folder, 'token')])
    const { code, out } = await runHere(['job', 'p12', '--json', ...place])
    expect(code).toBe(0)
    const tasks = JSON.parse(out)
    expect(tasks).toHaveLength(4)
    for (const task of tasks) expect(task).toMatchObject({ user: 'nobody', agent, decision: 'allow' })
    // The platform takes its token away when it stops.
    expect(await readdir(folder)).toEqual([])
  })
})
