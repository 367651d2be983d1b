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
import { type Area, chooseAreas, root } from './areas.ts'
import { equivalent } from './equivalent.ts'
import { judgeAll } from './judge-all.ts'
import { LastTime } from './last-time.ts'
import { type Mutant, type Notice, nameOf } from './mutant.ts'
import { isAsListed, type Judged, type Scored, scoreTable, survivorsOf, unknownNames } from './score.ts'

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
  const lastTime = new LastTime(root)
  const scored = await judgeAreas(areas, only, lastTime)
  lastTime.save(write ? areas.flatMap(({ mutants }) => mutants) : undefined)
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

async function judgeAreas(areas: readonly Area[], only: string, lastTime: LastTime): Promise<Scored[]> {
  const chosen = new Map(areas.map((area) => [area, placesOf(area, only)] as const))
  const total = [...chosen.values()].reduce((sum, places) => sum + places.length, 0)
  const fates = new Map(areas.map((area) => [area, new Map<number, Judged>()] as const))
  const progress = new Progress()
  let done = 0
  try {
    await judgeAll(
      chosen,
      (mutant) => lastTime.firstFor(mutant),
      (mutant, notice) => isAsListed(fateOf(mutant, notice)),
      (area, at, notice) => {
        const mutant = area.mutants[at]
        if (!mutant) return
        if (notice) lastTime.note(mutant, notice)
        const fate = fateOf(mutant, notice)
        fates.get(area)?.set(at, fate)
        progress.update(`${area.title}: ${++done} of ${total}, ${fate.name.slice(0, 100)}`)
        if (fate.noticedBy || fate.equivalent) return
        progress.done()
        say(`SURVIVED  ${fate.name}  (line ${fate.line})`)
      },
    )
  } finally {
    progress.done()
  }
  return areas.map((area) => {
    const inOrder = placesOf(area, only).flatMap((at) => fates.get(area)?.get(at) ?? [])
    const noticed = inOrder.filter(({ noticedBy }) => noticedBy).length
    if (inOrder.length > 0) say(`${area.title}: ${noticed} of ${inOrder.length} noticed`)
    return { title: area.title, judges: area.judges, judged: inOrder }
  })
}

function placesOf(area: Area, only: string): number[] {
  return area.mutants.flatMap((mutant, at) => (nameOf(mutant).includes(only) ? [at] : []))
}

function fateOf(mutant: Mutant, notice: Notice | undefined): Judged {
  const name = nameOf(mutant)
  const reason = equivalent[name]
  return {
    name,
    line: mutant.line,
    ...(notice && { noticedBy: notice.by }),
    ...(reason && { equivalent: reason }),
  }
}
