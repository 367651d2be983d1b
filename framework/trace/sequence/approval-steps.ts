import { actionIn, actionInShort } from '../../parties/idp/approvals/action-in.ts'
import type { Hop } from '../recorder/hop.ts'
import { answerOf, endOf, type Names, type Step, tokenIn } from './step.ts'

/**
 * The questions to users of the IdP (OpenID Connect CIBA Core 1.0): each is one step, from the request to the answer to
 * the last poll, with what the person says in between. How often the client polled depends on the person's time alone.
 */
export function approvalSteps(hops: readonly Hop[], names: Names): Step[] {
  const toIdp = hops.filter(({ to, method }) => to === 'idp' && method === 'POST')
  const asked = toIdp.filter(({ request }) => formOf(request.body).has('authorization_details'))
  const polls = toIdp.filter(({ request }) => formOf(request.body).has('auth_req_id'))
  return [...asked.map((hop) => questionStep(hop, pollsFor(hop, polls), names)), ...toIdp.flatMap(personStep)]
}

function pollsFor({ response }: Hop, polls: readonly Hop[]): Hop[] {
  const [, id] = /"auth_req_id":"([^"]+)"/.exec(response.body) ?? []
  return polls.filter(({ request }) => formOf(request.body).get('auth_req_id') === id)
}

function questionStep(asked: Hop, polls: readonly Hop[], names: Names): Step {
  const last = polls.at(-1) ?? asked
  const [session] = asked.tokens.filter(({ claims }) => claims.aud)
  const proof = last.request.headers.dpop ? ' + DPoP proof' : ''
  const refused = last.response.status >= 400
  const action = actionIn(formOf(asked.request.body).get('authorization_details') ?? '')
  return {
    from: asked.from,
    to: asked.to,
    asks: `ask the user: ${action ? actionInShort(action) : 'about an action'}`,
    credential: `${asked.from}'s secret + ${session ? names.token(session.fingerprint) : 'no token'}${proof}`,
    answer: refused ? answerOf(last) : tokenIn(last, names),
    refused,
    started: asked.started,
    ended: endOf(last),
    hops: [asked, ...polls],
  }
}

/** The answer of a person, who signed in for it. It is told as taken at once: the client may hear of it before she does. */
function personStep(hop: Hop): Step[] {
  const { from, to, started, response } = hop
  const answer = formOf(hop.request.body).get('answer')
  if (from !== 'person' || answer === null) return []
  return [
    {
      from,
      to,
      asks: answer === 'approve' ? 'yes' : 'no',
      credential: 'signed in on the page of the question',
      answer: answerOf(hop),
      refused: response.status >= 400,
      started,
      ended: started + 0.001,
      hops: [hop],
    },
  ]
}

function formOf(body: string): URLSearchParams {
  return new URLSearchParams(body)
}
