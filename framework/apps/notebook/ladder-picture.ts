import { type PatternOrder, patternOrder } from '../../measure/declarations/order.ts'
import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { arrow, box, colours, line, pictureWidth, sheet, type, wrapped } from './picture/svg.ts'
import type { Rich } from './rich.ts'

/** In px. */
const size = { rung: 42, top: 12, indent: 12, title: 150, gap: 8, legend: 18 }

const legend = '✓ closed by the next pattern   ✗ still open'

/**
 * The ladder up to a pattern: a step for each, with what it still allows. What one allows is what the next one closes.
 * A branch stands on the ladder up to its base.
 * @param name `p05`
 */
export async function ladderSoFar(name: string): Promise<Rich> {
  const rungs = await Promise.all(pathTo(name, await patternOrder()).map(describePattern))
  const height = size.top + rungs.length * (size.rung + size.gap) + size.legend
  const shapes = rungs.flatMap((rung, at) => rungShapes(rung, at, isOpen(rung, rungs)))
  return {
    'image/svg+xml': sheet('The ladder so far', height, [
      ...shapes,
      line(legend, 12, height - 8, { colour: colours.soft }),
    ]),
    'text/plain': rungs
      .map(
        (rung) =>
          `${isOpen(rung, rungs) ? 'open  ' : 'closed'} ${numberOf(rung)} ${titleOf(rung)}: ${holeOf(rung)}`,
      )
      .join('\n'),
  }
}

/** The patterns from the first rung up to the one with this number, by the bases of its branches. */
function pathTo(number: string, { ladder, branches }: Pick<PatternOrder, 'ladder' | 'branches'>): string[] {
  const branch = branches.find(({ name }) => name.startsWith(`${number}-`))
  if (branch) return [...pathTo(branch.base.slice(0, 'p00'.length), { ladder, branches }), branch.name]
  return ladder.slice(0, ladder.findIndex((name) => name.startsWith(`${number}-`)) + 1)
}

/** The last pattern's hole is open, and one of an earlier pattern's that it names as its own: a branch may leave it. */
function isOpen(rung: PatternDescription, rungs: readonly PatternDescription[]): boolean {
  const [attack = ''] = /^[\w-]+/.exec(holeOf(rung)) ?? []
  const last = rungs.at(-1)
  return rung === last || (last !== undefined && holeOf(last).startsWith(attack))
}

function rungShapes(rung: PatternDescription, at: number, open: boolean): string[] {
  const x = 10 + at * size.indent
  const y = size.top + at * (size.rung + size.gap)
  const width = pictureWidth - 20 - at * size.indent
  const hole = wrapped(holeOf(rung), width - size.title - 34).slice(0, 2)
  const title = wrapped(titleOf(rung), size.title - 44)
  return [
    box(x, y, width, size.rung, open ? { fill: colours.changed, stroke: colours.changedEdge } : {}),
    line(numberOf(rung), x + 8, y + 18, { bold: true }),
    ...title.map((each, row) => line(each, x + 38, y + 18 + row * type.line)),
    line(open ? '✗' : '✓', x + size.title + 6, y + 18, {
      bold: true,
      colour: open ? colours.bad : colours.good,
    }),
    ...hole.map((each, row) =>
      line(each, x + size.title + 22, y + 18 + row * type.line, {
        colour: open ? colours.bad : colours.soft,
      }),
    ),
    ...(at > 0 ? [arrow([x - 6, y - size.gap], [x - 6, y + 14], colours.soft)] : []),
  ]
}

function numberOf({ name }: PatternDescription): string {
  return name.slice(0, 3)
}

function titleOf({ name }: PatternDescription): string {
  return name.slice('p00-'.length).replaceAll('-', ' ')
}

/** The attack that it allows, and why. */
function holeOf({ mcpAuth }: PatternDescription): string {
  return mcpAuth.stillAllows.replaceAll('`', '')
}
