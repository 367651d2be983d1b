import type { CSSProperties } from 'react'
import type { ArrowView, SequenceView } from '../../../run-view.ts'

/** The parties as lifelines, and an arrow for each request and answer. Each arrow opens. */
export function Sequence(props: {
  readonly parties: SequenceView['parties']
  readonly arrows: readonly ArrowView[]
  readonly open: number | undefined
  readonly onOpen: (at: number) => void
  readonly differs: ((arrow: ArrowView) => boolean) | undefined
}) {
  const { parties, arrows, open, onOpen, differs } = props
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
            <Arrow
              arrow={arrow}
              ends={[centre(parties.indexOf(arrow.from)), centre(parties.indexOf(arrow.to))]}
              isOpen={open === at}
              differs={differs?.(arrow) === true}
              onOpen={() => onOpen(at)}
            />
          </li>
        ))}
      </ol>
    </div>
  )
}

function Arrow(props: {
  readonly arrow: ArrowView
  readonly ends: readonly [number, number]
  readonly isOpen: boolean
  readonly differs: boolean
  readonly onOpen: () => void
}) {
  const { arrow, ends, isOpen, differs, onOpen } = props
  const { from, to, text, detail, kind, tone } = arrow
  const [left, right] = [Math.min(...ends), Math.max(...ends)]
  const isRightHalf = left + right > 100
  // Beside the end that is nearer to the edge, so that there is room for the words.
  const side: CSSProperties = isRightHalf
    ? { paddingRight: `${100 - right}%`, textAlign: 'right' }
    : { paddingLeft: `${left}%` }
  const style = `arrow ${kind}${tone ? ` ${tone}` : ''}${differs ? ' differs' : ''}`
  const mark = { good: ' ✓', bad: ' ✗', '': '' }[tone]
  return (
    <button type="button" className={style} aria-expanded={isOpen} onClick={onOpen}>
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
    </button>
  )
}
