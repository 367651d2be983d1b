import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { columns, Progress, say } from '../../process/terminal.ts'
import { runCells } from '../../runner/cells.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { promptNumbers } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import { patternOrder } from '../declarations/order.ts'
import { openBaseline } from './baseline.ts'
import { firstAnswers } from './first-answer.ts'
import { type LoadResult, load } from './load.ts'
import { prepareRequests } from './prepare-requests.ts'
import { verifyRate } from './verify-rate.ts'

/** Requests that each service answers under load; the first tenth warms it up and is not counted. */
const requests = 2_000

/** Measures and prints. A benchmark and not a test: absolute times differ from machine to machine, ratios much less. */
export async function benchmark(): Promise<void> {
  const progress = new Progress()
  const rows: string[][] = []

  progress.update('a Hono route without auth')
  const baseline = await openBaseline()
  const bare = await load(
    baseline.url,
    Array.from({ length: requests }, () => ({})),
  )
  await baseline.close()

  for (const name of (await patternOrder()).names) {
    progress.update(name)
    const { startUp, cells, service } = await measure(name)
    rows.push([
      name,
      startUp.toFixed(0),
      cells.toFixed(0),
      ...figures(service),
      `${(service.perSecond / bare.perSecond).toFixed(2)} ×`,
    ])
  }

  progress.update('whole process')
  const main = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url))
  const began = performance.now()
  spawnSync(process.execPath, ['--import', 'tsx', main, 'pattern', 'p06'], { stdio: 'ignore' })
  const whole = performance.now() - began
  progress.update('learn: a save')
  const answers = await firstAnswers()
  progress.update('raw signature checks')
  const verifies = verifyRate()
  progress.done()

  const head = ['pattern', 'start-up ms', '21 cells ms', 'req/s', 'p50 ms', 'p99 ms', 'of no auth']
  const right = ['a Hono route without auth', '–', '–', ...figures(bare), '1.00 ×']
  for (const line of columns([head, right, ...rows])) say(line)
  say()
  say(`pnpm run pattern p06, whole process: ${(whole / 1000).toFixed(2)} s`)
  for (const [lab, time] of Object.entries(answers)) {
    say(`pnpm run learn ${lab}, from a save to the first answer: ${(time / 1000).toFixed(2)} s`)
  }
  say(
    `node:crypto verifies ${verifies.toFixed(0)} ES256 signatures per second: the limit for one token check per request`,
  )
}

function figures({ perSecond, p50, p99 }: LoadResult): string[] {
  return [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2)]
}

async function measure(name: string) {
  const runner = new PatternRunner(name)
  const began = performance.now()
  await runner.start()
  const startUp = performance.now() - began
  try {
    const users = usernames(runner.realm)
    const ready = performance.now()
    await runCells(runner, users, promptNumbers)
    const cells = performance.now() - ready
    runner.resetData()
    const url = `${runner.stack.serviceUrls.expenses}/expenses`
    return { startUp, cells, service: await load(url, await prepareRequests(runner, url, requests)) }
  } finally {
    await runner.stop()
  }
}
