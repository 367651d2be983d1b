import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { Worker } from 'node:worker_threads'
import { patternsFolder } from '../../../runner/load-pattern.ts'
import type { StackFlags } from '../../../runner/stack-from.ts'
import { stackOf } from '../../cli/stack-of.ts'
import type { CopyAttack, CopyCell, Order, Report } from './copy-report.ts'
import { measureCopy } from './measure-copy.ts'
import { Stage } from './stage.ts'

/** The process that runs the copy: a loop without an end, an exit or a full memory in it ends this process alone. */
const { flags, memory } = JSON.parse(process.argv[2] ?? '') as { flags: StackFlags; memory: number }
const send = process.send?.bind(process)
const report = (message: Report) => void send?.(message)
let stage: Promise<Stage> | undefined
let queue = Promise.resolve()
let current: Stage | undefined

// On a thread of its own: it also watches a main thread that loops.
const watchdog = new Worker(new URL('./watchdog.mjs', import.meta.url), {
  workerData: { parent: process.ppid, memory },
})
watchdog.unref()

for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[method] = (...words: unknown[]) => said(formatWithOptions({ colors: false, depth: 4 }, ...words))
}
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => said(`not caught: ${error instanceof Error ? error.message : error}`))
}
process.on('disconnect', () => process.exit())
process.on('message', (order: Order) => {
  queue = queue.then(() => carryOut(order))
})
report({ type: 'ready' })

function said(text: string): void {
  report({
    type: 'said',
    text: current ? current.hidden(text) : '(something was printed before the lab was up)',
  })
}

async function carryOut(order: Order): Promise<void> {
  stage ??= stackOf(flags, ['attack']).then((options) => new Stage(options))
  if (order.type === 'warm') {
    current = await stage
    await current.with(join(patternsFolder, order.pattern)).catch(() => {})
    return
  }
  const { number, folder } = order
  const onStart = (isStarting: boolean) => report({ type: 'alive', number, isStarting })
  let failure: string
  try {
    onStart(true)
    current = await stage
    onStart(false)
    failure = await measureCopy(
      current,
      folder,
      {
        onProblem: (problem) => report({ type: 'problem', number, problem }),
        onCell: (cell) => report({ type: 'cell', number, cell: cellOf(cell) }),
        onAttack: (attack) => report({ type: 'attack', number, attack: attackOf(attack) }),
      },
      onStart,
    )
  } catch (error) {
    failure = (current?.hidden(String(error)) ?? String(error)).split('\n')[0] ?? ''
  }
  report({ type: 'over', number, failure, left: current?.left().slice(0, 20) ?? [] })
}

function cellOf({ user, prompt, outcome, expected, reason, overshared }: CopyCell): CopyCell {
  return { user, prompt, outcome, expected, reason, overshared }
}

function attackOf({ id, outcome, reason }: CopyAttack): CopyAttack {
  return { id, outcome, reason }
}
