import { formatWithOptions } from 'node:util'
import { Superseded } from './finding.ts'
import { Judge } from './judge.ts'
import type { Job, Report } from './judge-process.ts'
import { loadLabs, type WorkLab } from './load-labs.ts'
import { inOwnFile } from './own-error.ts'

/** The process that runs the learner's code: an endless loop in it stops this process and no other. */
const judge = new Judge()
const labs = loadLabs()
let latest = 0
let folder = ''
let queue = Promise.resolve()

const report = (message: Report) => void process.send?.(message)

// What the learner prints travels the same way as the findings, so that it stands before them.
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[method] = (...words: unknown[]) =>
    report({ type: 'said', text: formatWithOptions({ colors: false, depth: 6 }, ...words) })
}

// A promise that the learner did not wait for must not take the stack down.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) =>
    report({ type: 'said', text: `not caught: ${inOwnFile(error, folder)}` }),
  )
}

process.on('disconnect', () => process.exit())
process.on('message', (job: Job) => {
  latest = job.number
  queue = queue.then(() => work(job))
})
labs.then(() => report({ type: 'ready' }))

async function work({ number, lab, folder: place }: Job): Promise<void> {
  if (number !== latest) return
  folder = place
  const loaded = (await labs).find((each): each is WorkLab => each.id === lab && each.lab.kind !== 'explain')
  try {
    if (!loaded) throw new Error(`there is no lab ${lab}`)
    report({ type: 'begun', number })
    const finding = await judge.judge(loaded, place, {
      isCurrent: () => number === latest,
      onStack: (isUp) => report({ type: isUp ? 'begun' : 'starting', number }),
      onStep: (done, of, what) => report({ type: 'step', number, done, of, what }),
      onFirst: (line) => report({ type: 'first', number, line }),
    })
    report({ type: 'found', number, finding, left: judge.left() })
  } catch (error) {
    if (error instanceof Superseded) return
    report({
      type: 'found',
      number,
      finding: {
        solved: false,
        line: inOwnFile(error, place),
        next: 'save once more; if it stays, type reset',
      },
      left: judge.left(),
    })
  }
}
