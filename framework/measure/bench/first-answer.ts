import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

/** Saves after which the first answer is waited for. */
const saves = 5

/** One lab of each kind that judges saves. */
const labs = ['p05-attack-every-door', 'p06-fix-somebody-elses-letter'] as const

/** The time from a save to the first line about it, in ms, as a learner waits for it: the median of several. */
export async function firstAnswers(): Promise<Readonly<Record<(typeof labs)[number], number>>> {
  const times: [string, number][] = []
  for (const lab of labs) times.push([lab, await firstAnswer(lab)])
  return Object.fromEntries(times) as Record<(typeof labs)[number], number>
}

async function firstAnswer(lab: string): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'first-answer-'))
  const main = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'learn', lab], {
    env: { ...process.env, MY_LABS: home, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  try {
    await line(child, /next:/)
    const folder = join(home, lab)
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
    const code = await readFile(join(folder, file), 'utf8')
    const times: number[] = []
    for (let save = 1; save <= saves; save++) {
      const answered = line(child, /✗ not yet|✓ solved| holds\. /)
      const began = performance.now()
      await writeFile(join(folder, file), `${code}\nvoid ${save}\n`)
      await answered
      times.push(performance.now() - began)
      // A fix goes on with its other checks: the next save would only be in their way.
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    return times.sort((a, b) => a - b)[Math.floor(saves / 2)] ?? Number.NaN
  } finally {
    child.kill('SIGKILL')
    await rm(home, { recursive: true, force: true })
  }
}

/** @throws where it ends before it prints such a line */
function line(child: ChildProcess, fits: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const ended = () => reject(new Error(`learn ended without an answer: ${text}`))
    const look = (chunk: Buffer) => {
      text += chunk
      if (!fits.test(text)) return
      child.stdout?.off('data', look)
      child.off('exit', ended)
      resolve()
    }
    child.stdout?.on('data', look)
    child.once('exit', ended)
  })
}
