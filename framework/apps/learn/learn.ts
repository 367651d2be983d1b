import { Readable } from 'node:stream'
import { loadDeclaration } from '../../measure/declarations/load-declarations.ts'
import { withResource } from '../../process/exit.ts'
import { lab as howTo } from '../../process/how-to-run.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { answerQuestions } from './answer-questions.ts'
import { Input } from './input.ts'
import { JudgeProcess } from './judge-process.ts'
import type { ExplainLab } from './lab.ts'
import { nextLab, overview } from './learn-text.ts'
import { type LoadedLab, loadLabs, patternOf, type WorkLab } from './load-labs.ts'
import { myLabsFolder } from './my-files.ts'
import { ProgressFile } from './progress.ts'
import { type Desk, type Left, Work } from './work-on.ts'

interface Flags {
  readonly once?: true
  readonly yes?: true
}

const actions = ['hint', 'solution', 'reset']

/** Opens the labs: all of them as a list, or one to work on. */
export async function learn(
  which: string | undefined,
  action: string | undefined,
  flags: Flags,
): Promise<void> {
  const labs = await loadLabs()
  const home = myLabsFolder()
  const progress = new ProgressFile(home, say)
  if (which === undefined) return say(overview(labs, progress.read(), await titles(labs)))
  if (action !== undefined && !actions.includes(action)) {
    throw new UserError(
      `"${action}" is not understood: use ${actions.join(', ')}, or nothing to work on the lab`,
    )
  }
  if (which === 'mystery') return (await import('./mystery.ts')).mystery(new Input())
  const first = chosen(which, labs, progress)
  const input = new Input(flags.yes ? Readable.from(['y\n']) : process.stdin)
  const judge = new JudgeProcess((text) => say(text.replaceAll(/^/gm, '  | ')))
  await withResource({ stop: () => judge.stop() }, async () => {
    const desk: Desk = { home, progress, judge, input }
    const isDone = action ? await actOn(first, action, desk) : await goThrough(first, labs, desk, flags)
    if (!isDone) process.exitCode = 1
  }).finally(() => input.close())
}

async function actOn(loaded: LoadedLab, action: string, desk: Desk): Promise<boolean> {
  if (!isWork(loaded))
    throw new UserError(`${loaded.id} has questions and no files: ${howTo(`learn ${loaded.id}`)}`)
  await new Work(loaded, desk).obey(action)
  return true
}

/** Works on one lab after another. @returns false where a lab was to be judged once, and is not solved */
async function goThrough(
  first: LoadedLab,
  labs: readonly LoadedLab[],
  desk: Desk,
  flags: Flags,
): Promise<boolean> {
  for (let lab: LoadedLab | undefined = first; lab; ) {
    const current: LoadedLab = lab
    const left = await workOn(current, desk, flags)
    const isSolved = desk.progress.read()[current.id]?.solved !== undefined
    if (left === 'solved') return true
    if (left === 'open') return false
    if (left === 'quit') return process.stdin.isTTY ? true : isSolved
    lab = nextLab(
      [...labs.slice(labs.indexOf(current) + 1), ...labs.slice(0, labs.indexOf(current))],
      desk.progress.read(),
    )
    say()
  }
  say(overview(labs, desk.progress.read(), await titles(labs)))
  return true
}

async function workOn(loaded: LoadedLab, desk: Desk, { once }: Flags): Promise<Left | 'solved' | 'open'> {
  if (!isWork(loaded)) {
    const left = await answerQuestions(loaded as LoadedLab<ExplainLab>, desk)
    return once ? (left === 'next' ? 'solved' : 'open') : left
  }
  const work = new Work(loaded, desk)
  await work.open()
  if (once) return (await work.once()) ? 'solved' : 'open'
  return work.watch()
}

function isWork(loaded: LoadedLab): loaded is WorkLab {
  return loaded.lab.kind !== 'explain'
}

/** @throws {UserError} for a name that is no lab's and no rung's */
function chosen(which: string, labs: readonly LoadedLab[], progress: ProgressFile): LoadedLab {
  const rung = /^p?(\d{1,2})$/.exec(which)?.[1]?.padStart(2, '0')
  const those = labs.filter(({ id, lab }) => id === which || (rung && lab.rung === `p${rung}`))
  const found = nextLab(those, progress.read()) ?? those[0]
  if (found) return found
  const rungs = [...new Set(labs.map(({ lab }) => lab.rung))]
  throw new UserError(
    `there is no lab "${which}": use ${rungs.join(', ')}, mystery, or a folder name of labs/`,
  )
}

async function titles(labs: readonly LoadedLab[]): Promise<Map<string, string>> {
  const rungs = [...new Set(labs.map(({ lab }) => lab.rung))]
  return new Map(
    await Promise.all(
      rungs.map(
        async (rung): Promise<[string, string]> => [
          rung,
          (await loadDeclaration(await patternOf(rung))).title,
        ],
      ),
    ),
  )
}
