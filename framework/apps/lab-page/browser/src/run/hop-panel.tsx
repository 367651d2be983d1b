import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ArrowView, SequenceView } from '../../../run-view.ts'
import { useAttacks } from '../attacks/use-attacks.ts'
import { api } from '../client.ts'
import { HopContent } from './hop-content.tsx'

/** What an arrow stands for: each request with its answer, its tokens decoded, and the attacks that end there. */
export function HopPanel(props: {
  readonly arrow: ArrowView
  readonly sequence: SequenceView
  readonly pattern: string
  readonly other: SequenceView | undefined
  readonly otherName: string
  readonly onClose: () => void
}) {
  const { arrow, sequence, pattern, other, otherName, onClose } = props
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const hops = arrow.hops.flatMap((at) => sequence.hops[at] ?? [])
  const [first] = hops
  const receiver = first?.to ?? arrow.to
  return (
    <section className="card hop" aria-label="The open arrow">
      <header>
        <h3 ref={heading} tabIndex={-1}>
          {arrow.from} → {arrow.to}: {arrow.text}
        </h3>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </header>
      <HopContent hops={hops} other={other} otherName={otherName} />
      <EndHere pattern={pattern} party={receiver} />
    </section>
  )
}

/** The attacks that were refused by this party, by the runs of this session. */
function EndHere({ pattern, party }: { readonly pattern: string; readonly party: string }) {
  const { data = [] } = useQuery({ queryKey: ['results', pattern], queryFn: () => api.results(pattern) })
  const { progress, run } = useAttacks()
  const measured = data.length
  const ending = data.filter(({ endedAt }) => endedAt === party)
  return (
    <>
      <h4>Attacks that end at {party}</h4>
      {measured > 0 && ending.length === 0 && <p>None of the {measured} that were run here.</p>}
      <ul className="ending">
        {ending.map(({ id, reason }) => (
          <li key={id}>
            <a href={`#/attacks/${pattern.slice(0, 3)}`}>{id}</a> <span className="soft">{reason}</span>
          </li>
        ))}
      </ul>
      {measured === 0 && (
        <p>
          <button type="button" onClick={() => void run([pattern], [])} disabled={progress.isGoing}>
            Run every attack on {pattern.slice(0, 3)} to see
          </button>{' '}
          <span role="status" className="soft">
            {progress.failure || progress.text}
          </span>
        </p>
      )}
    </>
  )
}
