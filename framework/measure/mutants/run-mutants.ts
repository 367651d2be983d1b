/**
 * Takes every check out, one at a time, and sees whether an attack or a test notices.
 *
 * Why not Stryker: it turns conditions round and empties whole literals, but it cannot take out one option
 * (`issuer`), one entry (`'jti'`) or one step (`await verifyProof(…)`), which is what a forgotten check looks like,
 * and it runs no attack. It would also add 65 MB to an install, and its newest release needs a newer Node.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Progress, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { blocksIn, withBlock } from '../readme/blocks.ts'
import { type Area, checks, type Judge, patterns, policy, root } from './areas.ts'
import { equivalent } from './equivalent.ts'
import { nameOf } from './mutant.ts'
import { type Judged, type Scored, scoreTable, survivorsOf, unknownNames } from './score.ts'

interface RunOptions {
  /** Only mutants with this text in their file or change; empty: all. */
  readonly only: string
  /** Put the score into the page. */
  readonly write: boolean
}

const document = join(root, 'docs/mutants.md')

/** @returns true if all is as it should be */
export async function runMutants({ only, write }: RunOptions): Promise<boolean> {
  const { areas, notRun } = chooseAreas()
  const found = areas.some(({ mutants }) => mutants.some((mutant) => nameOf(mutant).includes(only)))
  if (!found) throw new UserError(`no mutant has "${only}" in its file or change: try a file name`)
  const whole = !only && !notRun
  if (write && !whole) throw new UserError('only a whole run has a score: leave out --only, and install OPA')
  // At once, so that no core waits.
  const progress = new Progress()
  const scored: Scored[] = await Promise.all(
    areas.map(async (area) => {
      const judged = await judge(area, only, (step) => progress.update(`${area.title}: ${step}`))
      progress.done()
      if (judged.length > 0)
        say(
          `${area.title}: ${judged.filter(({ noticedBy }) => noticedBy).length} of ${judged.length} noticed`,
        )
      return { title: area.title, judges: area.judges, judged }
    }),
  )
  if (notRun) say(`NOT RUN  Policy: ${notRun}`)
  mkdirSync(join(root, 'reports'), { recursive: true })
  writeFileSync(join(root, 'reports/mutants.json'), `${JSON.stringify(scored, null, 2)}\n`)

  const unknown = whole ? unknownNames(scored) : []
  for (const name of unknown) say(`LISTED    as equivalent, and there is no such survivor: ${name}`)
  if (survivorsOf(scored).length + unknown.length > 0) return false
  return !whole || publish(scoreTable(scored), write)
}

/** Writes the score, or sees whether the page says the same. */
function publish(score: string, write: boolean): boolean {
  const page = readFileSync(document, 'utf8')
  if (write) writeFileSync(document, withBlock(page, 'score', score, 'docs/mutants.md'))
  else if (blocksIn(page).get('score') !== score) {
    say('STALE     docs/mutants.md has another score: pnpm run mutants --write')
    return false
  }
  return true
}

function chooseAreas(): { areas: readonly Area[]; notRun?: string } {
  const always = [patterns, checks]
  try {
    return { areas: [...always, policy()] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { areas: always, notRun: error.message }
  }
}

async function judge(area: Area, only: string, onStep: (step: string) => void): Promise<Judged[]> {
  const chosen = area.mutants.filter((mutant) => nameOf(mutant).includes(only))
  if (chosen.length === 0) return []
  const judges = await area.open()
  const judged: Judged[] = []
  const left = chosen.entries()
  const lane = async (judge: Judge) => {
    for (const [index, mutant] of left) {
      const name = nameOf(mutant)
      onStep(`${index + 1} of ${chosen.length}, ${name.slice(0, 100)}`)
      const noticedBy = await judge.noticedBy(mutant)
      const reason = equivalent[name]
      if (!noticedBy && !reason) say(`SURVIVED  ${name}  (line ${mutant.line})`)
      judged[index] = {
        name,
        line: mutant.line,
        ...(noticedBy && { noticedBy }),
        ...(reason && { equivalent: reason }),
      }
    }
  }
  try {
    await Promise.all(judges.map(lane))
    return judged
  } finally {
    for (const judge of judges) await judge.close()
  }
}
