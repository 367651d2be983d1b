import { Link } from 'wouter'
import type { Pattern } from '../client.ts'
import { Prose } from '../prose.tsx'
import { useIsWide } from '../use-is-wide.ts'

/** In units of the drawing. */
const size = { step: 140, rise: 46, first: 180, gap: 10, branch: 104, top: 16, row: 62, indent: 11 } as const

interface Place {
  readonly pattern: Pattern
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The ladder as steps that rise, with the branches above their bases; on a narrow screen as rows that lead down. */
export function Staircase({
  patterns,
  chosen,
}: {
  readonly patterns: readonly Pattern[]
  readonly chosen: string
}) {
  const isWide = useIsWide(860)
  const { places, ties, width, height } = isWide ? rising(patterns) : leadingDown(patterns)
  return (
    <svg className="stairs" viewBox={`0 0 ${width} ${height}`} aria-label="The ladder, one link a pattern">
      {ties.map(([x1, y1, x2, y2]) => (
        <line key={`${x1} ${y1}`} className="tie" x1={x1} y1={y1} x2={x2} y2={y2} />
      ))}
      {places.map((place) => (
        <Step key={place.pattern.short} place={place} isChosen={place.pattern.short === chosen} />
      ))}
    </svg>
  )
}

function Step({
  place: { pattern, x, y, width, height },
  isChosen,
}: {
  readonly place: Place
  readonly isChosen: boolean
}) {
  const { short, title, base, leaves, sends } = pattern
  const kind = `step${base ? ' branch' : ''}${isChosen ? ' chosen' : ''}`
  return (
    <g className={kind}>
      <rect x={x} y={y} width={width} height={height} rx="6" />
      <foreignObject x={x} y={y} width={width} height={height}>
        <Link href={`/ladder/${short}`} className="tread" aria-current={isChosen ? 'true' : undefined}>
          <b className="number">{short}</b>
          <span className="name">{title}</span>
          <span className="leaves">
            <span className="hidden">still allows </span>
            {attackIn(leaves)}
          </span>
          <span className="sends">
            <Prose text={sends} />
          </span>
        </Link>
      </foreignObject>
    </g>
  )
}

/** The attack that a sentence about what is left begins with. */
function attackIn(leaves: string): string {
  return /^[\w-]+/.exec(leaves)?.[0] ?? ''
}

type Tie = readonly [number, number, number, number]
interface Drawing {
  readonly places: readonly Place[]
  readonly ties: readonly Tie[]
  readonly width: number
  readonly height: number
}

/** The rung that a branch stands above: its base's, or that of its base's base. */
function rungOf(pattern: Pattern, patterns: readonly Pattern[]): string {
  const base = patterns.find(({ short }) => short === pattern.base)
  return base ? rungOf(base, patterns) : pattern.short
}

function rising(patterns: readonly Pattern[]): Drawing {
  const rungs = patterns.filter(({ base }) => base === '')
  const column = size.step + size.gap
  const stacks = rungs.map((rung) =>
    patterns.filter((each) => each !== rung && rungOf(each, patterns) === rung.short),
  )
  const above = (at: number) =>
    at * size.rise + size.first + (stacks[at]?.length ?? 0) * (size.branch + size.gap * 2)
  const height = Math.max(...rungs.map((_rung, at) => above(at))) + size.top
  const width = rungs.length * column - size.gap
  const ties: Tie[] = []
  const places = rungs.flatMap((pattern, at) => {
    const tall = size.first + at * size.rise
    const [x, y] = [at * column, height - tall]
    const branches = (stacks[at] ?? []).map((branch, row) => {
      const top = y - (row + 1) * (size.branch + size.gap * 2)
      ties.push([x + size.step / 2, top + size.branch, x + size.step / 2, top + size.branch + size.gap * 2])
      return { pattern: branch, x, y: top, width: size.step, height: size.branch }
    })
    return [{ pattern, x, y, width: size.step, height: tall }, ...branches]
  })
  return { places, ties, width, height }
}

function leadingDown(patterns: readonly Pattern[]): Drawing {
  const rungs = patterns.filter(({ base }) => base === '')
  const width = 340
  const order = rungs.flatMap((rung) => [
    rung,
    ...patterns.filter((each) => each !== rung && rungOf(each, patterns) === rung.short),
  ])
  const ties: Tie[] = []
  const places = order.map((pattern, at) => {
    const depth = rungs.indexOf(patterns.find(({ short }) => short === rungOf(pattern, patterns)) ?? pattern)
    const x = depth * size.indent + (pattern.base ? 26 : 0)
    const y = at * (size.row + 8)
    if (pattern.base)
      ties.push([x - 14, y - 8, x - 14, y + size.row / 2], [x - 14, y + size.row / 2, x, y + size.row / 2])
    return { pattern, x, y, width: width - x, height: size.row }
  })
  return { places, ties, width, height: order.length * (size.row + 8) }
}
