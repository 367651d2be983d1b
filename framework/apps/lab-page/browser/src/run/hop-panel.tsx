import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ArrowView, HopView, SequenceView } from '../../../run-view.ts'
import { useAttacks } from '../attacks/use-attacks.ts'
import { api } from '../client.ts'
import { Message } from '../message.tsx'
import { TokenTable } from './token-table.tsx'

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
      {hops.map((hop, at) => (
        <Exchange key={`${at}${hop.url}`} hop={hop} isOpen={hops.length === 1} />
      ))}
      {hops.flatMap((hop) =>
        hop.tokens.map((token, at) => (
          <TokenTable
            key={`${at}${token.name}`}
            token={token}
            before={tokenLike(other, hop, token.kind)}
            otherName={other ? otherName : ''}
          />
        )),
      )}
      <EndHere pattern={pattern} party={receiver} />
    </section>
  )
}

/** The token of the other run that travelled the same way. */
function tokenLike(other: SequenceView | undefined, { from, to }: HopView, kind: string) {
  return other?.hops
    .filter((hop) => hop.from === from && hop.to === to)
    .flatMap(({ tokens }) => tokens)
    .find((token) => token.kind === kind)
}

function Exchange({ hop, isOpen }: { readonly hop: HopView; readonly isOpen: boolean }) {
  const { method, url, request, response, duration } = hop
  return (
    <details open={isOpen} className="exchange">
      <summary>
        <code>
          {method} {url}
        </code>{' '}
        → {response.status} <span className="soft">({duration} ms)</span>
      </summary>
      <Half title="Request" {...request} />
      <Half title={`Answer ${response.status}`} {...response} />
    </details>
  )
}

/** Headers that every request has and that say nothing about who asks. */
const dull = [
  'host',
  'connection',
  'accept-language',
  'sec-fetch-mode',
  'user-agent',
  'accept-encoding',
  'keep-alive',
]

function Half(props: {
  readonly title: string
  readonly headers: HopView['request']['headers']
  readonly body: string
}) {
  const { title, headers, body } = props
  const shown = headers.filter(([name]) => !dull.includes(name))
  return (
    <>
      <h4>{title}</h4>
      <Message headers={shown} body={pretty(body)} />
    </>
  )
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return /^[\w-]+=/.test(body) ? body.replaceAll('&', '\n&') : body
  }
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
