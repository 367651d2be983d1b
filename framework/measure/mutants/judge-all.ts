import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../process/user-error.ts'
import type { Area } from './areas.ts'
import type { Answer, Batch } from './judge-process.ts'
import type { Mutant, Notice } from './mutant.ts'

/** Mutants of one file that are judged in a row. */
const atOnce = 15
/** The processes that judge. */
const processes = {
  script: fileURLToPath(new URL('judge-process.ts', import.meta.url)),
  execArgv: ['--import', 'tsx'],
  /** The time until the first mutant is judged, in ms: the code as it is is judged before. */
  beginning: 900_000,
  /** The time that one mutant has, in ms, whatever else the machine does. One that hangs its tests is noticed by that. */
  limit: 300_000,
}
const endless: Notice = { by: 'its tests, which do not end', where: '' }
const fatal: Notice = { by: 'its tests, which end their process', where: '' }

/** The mutants of an area that are still to be judged. */
interface Work extends Omit<Batch, 'area'> {
  readonly area: Area
  /** True if each of them has been judged before, and came out in a way that nobody expects. */
  readonly again: boolean
}

/**
 * Judges mutants in as many processes as there are cores. A result that nobody expects is judged once more: among
 * thousands, one test that waits for a busy machine fails for no fault of the code.
 * @param chosen places in each area's list
 * @param firstFor who noticed a mutant the last time
 * @param isExpected true for a result that needs no second look
 * @param onNotice is told of each, with its area, as it is there; undefined: nobody noticed
 * @throws {UserError} where the code as it is does not pass
 */
export async function judgeAll(
  chosen: ReadonlyMap<Area, readonly number[]>,
  firstFor: (mutant: Mutant) => readonly string[],
  isExpected: (mutant: Mutant, notice: Notice | undefined) => boolean,
  onNotice: (area: Area, at: number, notice: Notice | undefined) => void,
  how = processes,
): Promise<void> {
  const queue = [...chosen].flatMap(([area, places]) => batchesOf(area, places, firstFor))
  /** Tells what is settled, and gives what is to be judged again. */
  const settle = (work: Work, notices: Judged['notices']): Work[] => {
    const surprises = new Set<number>()
    for (const [at, found] of notices) {
      const notice = found ?? undefined
      const mutant = work.area.mutants[at]
      if (!work.again && mutant && !isExpected(mutant, notice)) surprises.add(at)
      else onNotice(work.area, at, notice)
    }
    const mutants = work.mutants.filter(([at]) => surprises.has(at))
    return mutants.length > 0 ? [{ ...work, green: false, again: true, mutants }] : []
  }
  const lane = async () => {
    let child = start(how)
    try {
      for (let work = queue.shift(); work; work = queue.shift()) {
        const { notices, left } = await judge(child, work, how)
        queue.push(...settle(work, notices))
        if (!left) continue
        child.kill('SIGKILL')
        child = start(how)
        if (left.mutants.length > 0) queue.unshift(left)
      }
    } finally {
      if (child.connected) child.disconnect()
    }
  }
  // More than cores: a mutant that nothing answers is noticed by a test that waits for its limit.
  const lanes = Array.from({ length: Math.min(2 * availableParallelism(), queue.length) }, lane)
  try {
    await Promise.all(lanes)
  } finally {
    // Where one is refused, the others need not go on.
    queue.length = 0
    await Promise.allSettled(lanes)
  }
}

function start({ script, execArgv }: typeof processes): ChildProcess {
  return fork(script, [], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

function batchesOf(
  area: Area,
  places: readonly number[],
  firstFor: (mutant: Mutant) => readonly string[],
): Work[] {
  const files = new Set(places.map((at) => area.mutants[at]?.file))
  const batches: Work[] = []
  for (const file of files) {
    const inFile = places.filter((at) => area.mutants[at]?.file === file)
    for (let from = 0; from < inFile.length; from += atOnce) {
      const mutants = inFile.slice(from, from + atOnce).map((at) => {
        const mutant = area.mutants[at]
        return [at, mutant ? firstFor(mutant) : []] as const
      })
      batches.push({ area, green: batches.length === 0, again: false, mutants })
    }
  }
  return batches
}

interface Judged {
  readonly notices: readonly (readonly [at: number, notice: Notice | null])[]
  /** The rest, where the process has to be ended. */
  readonly left?: Work
}

function judge(child: ChildProcess, work: Work, { beginning, limit }: typeof processes): Promise<Judged> {
  const { area, green, mutants } = work
  return new Promise((resolve, reject) => {
    let current: number | undefined
    const settle = (end: () => void) => {
      clearTimeout(timer)
      child.off('message', onAnswer)
      child.off('exit', onExit)
      end()
    }
    const lost = (at: number, notice: Notice) =>
      settle(() => {
        const others = work.mutants.filter(([each]) => each !== at)
        resolve({ notices: [[at, notice]], left: { ...work, green: false, mutants: others } })
      })
    const unbegun = (why: string) => {
      child.kill('SIGKILL')
      settle(() => reject(new Error(`the process that judges mutants ${why} before it had begun`)))
    }
    let timer = setTimeout(() => unbegun('had no time left'), beginning)
    const onAnswer = (answer: Answer) => {
      if ('judging' in answer) {
        const at = answer.judging
        current = at
        clearTimeout(timer)
        timer = setTimeout(() => lost(at, endless), limit)
      } else if ('refused' in answer) settle(() => reject(new UserError(answer.refused)))
      else settle(() => resolve(answer))
    }
    const onExit = () => {
      if (current === undefined) unbegun('ended')
      else lost(current, fatal)
    }
    child.on('message', onAnswer)
    child.once('exit', onExit)
    child.send({ area: area.title, green, mutants } satisfies Batch)
  })
}
