// One process that judges mutants, as `judge-all.ts` asks it to. All of it ends with the process that started it.
import { UserError } from '../../process/user-error.ts'
import { areaOf, type Judge } from './areas.ts'
import { equivalent } from './equivalent.ts'
import { type Mutant, type Notice, nameOf } from './mutant.ts'

/** Mutants of one file, to be judged one after another. */
export interface Batch {
  readonly area: string
  /** To be judged only if the code as it is passes. */
  readonly green: boolean
  /** Places in the area's list, with the names of who noticed the last time. */
  readonly mutants: readonly (readonly [at: number, first: readonly string[]])[]
}

/** The answers of the process: each mutant as its judging begins, and at the end who noticed which. */
export type Answer =
  | { readonly judging: number }
  | { readonly notices: readonly (readonly [at: number, notice: Notice | null])[] }
  | { readonly refused: string }

const judges = new Map<string, Promise<Judge>>()

process.on('message', async (batch: Batch) => {
  try {
    answer({ notices: await judgeBatch(batch) })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    answer({ refused: error.message })
  }
})
process.on('disconnect', async () => {
  for (const judge of judges.values()) await (await judge).close()
  process.exit()
})

async function judgeBatch({ area: title, green, mutants }: Batch) {
  const area = areaOf(title)
  const opening = judges.get(title) ?? area.open()
  judges.set(title, opening)
  const judge = await opening
  if (green) await judge.requireGreen?.()
  const all = async (between: () => Promise<void> | undefined = () => undefined) => {
    const notices: [number, Notice | null][] = []
    for (const [at, first] of mutants) {
      answer({ judging: at })
      const mutant = area.mutants[at]
      notices.push([at, (mutant && (await noticedBy(judge, mutant, first))) ?? null])
      await between()
    }
    return notices
  }
  const notices = await all()
  const where = new Set(notices.flatMap(([, notice]) => notice?.where ?? []))
  const clean = (await judge.isClean?.([...where])) ?? true
  await judge.renew?.()
  // What one mutant left behind may have failed the tests of the next.
  return clean ? notices : all(() => judge.renew?.())
}

/** A mutant that is listed as equivalent has survived everybody once: those who are far from it are not asked again. */
function noticedBy(judge: Judge, mutant: Mutant, first: readonly string[]): Promise<Notice | undefined> {
  return judge.noticedBy(mutant, first, Object.hasOwn(equivalent, nameOf(mutant)))
}

function answer(words: Answer): void {
  process.send?.(words)
}
