import type { HopView, SequenceView } from '../../../run-view.ts'
import { Message } from '../message.tsx'
import { TokenTable } from './token-table.tsx'

/** Requests with their answers, and their tokens decoded, beside those of the other run. */
export function HopContent(props: {
  readonly hops: readonly HopView[]
  readonly other: SequenceView | undefined
  readonly otherName: string
}) {
  const { hops, other, otherName } = props
  return (
    <>
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
    </>
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
