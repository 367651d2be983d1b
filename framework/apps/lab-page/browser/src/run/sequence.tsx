import type { CSSProperties, ReactNode } from 'react'
import type { ArrowView, SequenceView } from '../../../run-view.ts'

/** An arrow as it is drawn; what it opens is put around it. */
export interface DrawnArrow {
  readonly className: string
  readonly face: ReactNode
}

/** The parties as lifelines, and an arrow for each request and answer. */
export function Sequence(props: {
  readonly parties: SequenceView['parties']
  readonly arrows: readonly ArrowView[]
  readonly differs: ((arrow: ArrowView) => boolean) | undefined
  readonly each: (drawn: DrawnArrow, arrow: ArrowView, at: number) => ReactNode
}) {
  const { parties, arrows, differs, each } = props
  const centre = (at: number) => ((at + 0.5) / parties.length) * 100
  return (
    <div className="sequence">
      <div className="parties" aria-hidden="true">
        {parties.map((party) => (
          <span key={party} className={party}>
            {party}
          </span>
        ))}
      </div>
      <div className="lifelines" aria-hidden="true">
        {parties.map((party, at) => (
          <i key={party} className={party} style={{ left: `${centre(at)}%` }} />
        ))}
      </div>
      <ol>
        {arrows.map((arrow, at) => (
          <li key={`${at} ${arrow.from} ${arrow.to} ${arrow.kind}`}>
            {each(
              drawn(
                arrow,
                [centre(parties.indexOf(arrow.from)), centre(parties.indexOf(arrow.to))],
                differs?.(arrow) === true,
              ),
              arrow,
              at,
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

function drawn(arrow: ArrowView, ends: readonly [number, number], differs: boolean): DrawnArrow {
  const { from, to, text, detail, kind, tone } = arrow
  const [left, right] = [Math.min(...ends), Math.max(...ends)]
  const isRightHalf = left + right > 100
  // Beside the end that is nearer to the edge, so that there is room for the words.
  const side: CSSProperties = isRightHalf
    ? { paddingRight: `${100 - right}%`, textAlign: 'right' }
    : { paddingLeft: `${left}%` }
  const className = `arrow ${kind}${tone ? ` ${tone}` : ''}${differs ? ' differs' : ''}`
  const mark = { good: ' ✓', bad: ' ✗', '': '' }[tone]
  const face = (
    <>
      <span className="words" style={side}>
        <span className="hidden">
          {from} {kind === 'request' ? 'asks' : 'answers'} {to}:{' '}
        </span>
        <span className="text">
          {text}
          {mark}
        </span>
        {differs && <span className="badge">differs</span>}
      </span>
      <span
        className={`shaft ${ends[1] > ends[0] ? 'rightwards' : 'leftwards'}`}
        style={{ marginLeft: `${left}%`, width: `${right - left}%` }}
        aria-hidden="true"
      />
      {kind === 'request' && detail && (
        <span className="words" style={side}>
          <span className={detail === 'no credential' ? 'chip none' : 'chip'}>{detail}</span>
        </span>
      )}
    </>
  )
  return { className, face }
}
