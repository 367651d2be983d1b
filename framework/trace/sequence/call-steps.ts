import type { Hop } from '../recorder/hop.ts'
import { approvalSteps } from './approval-steps.ts'
import { credentialHeaders } from './credential-headers.ts'
import { answerOf, endOf, type Names, type Step, tokenIn } from './step.ts'

/** The names that `--show`, the records and the journal use too. */
export const asRecorded: Names = {
  text: (redacted) => redacted,
  token: (fingerprint) => `token ${fingerprint}`,
}

/**
 * The steps of one run in the order in which they were sent. The requests of a sign-in count as one step, and so do those
 * of a question to the user.
 */
export function callSteps(hops: readonly Hop[], names: Names): Step[] {
  const signIn = hops.filter((hop) => hop.from === 'agent' && hop.to === 'idp' && !isRenewal(hop))
  const rest = hops.filter((hop) => !signIn.includes(hop)).flatMap((hop) => stepOf(hop, names))
  return [...signInStep(signIn, names), ...approvalSteps(hops, names), ...rest]
}

function isRenewal({ request }: Hop): boolean {
  return new URLSearchParams(request.body).get('grant_type') === 'refresh_token'
}

function signInStep(hops: readonly Hop[], names: Names): Step[] {
  const last = hops.at(-1)
  // A renewal alone looks up the metadata too, and nobody signs in.
  if (!last || hops.every(({ method }) => method === 'GET')) return []
  return [
    {
      from: 'agent',
      to: 'idp',
      asks: 'sign-in: authorization code + PKCE',
      credential: "the user's password, on the login page",
      answer: tokenIn(last, names),
      refused: last.response.status >= 400,
      started: Math.min(...hops.map(({ started }) => started)),
      ended: endOf(last),
      hops,
    },
  ]
}

function stepOf(hop: Hop, names: Names): Step[] {
  const words = wordsOf(hop, names)
  if (!words) return []
  const { from, to, response, started } = hop
  return [{ from, to, refused: response.status >= 400, started, ended: endOf(hop), hops: [hop], ...words }]
}

type Words = Pick<Step, 'asks' | 'credential' | 'answer'> & Partial<Pick<Step, 'refused'>>

function wordsOf(hop: Hop, names: Names): Words | undefined {
  if (hop.to === 'model') return modelTurn(hop)
  if (hop.to === 'pdp') return decision(hop)
  if (hop.to === 'idp') return hop.from === 'agent' ? renewal(hop, names) : grant(hop, names)
  if (hop.to === 'mcp-server') return toolCall(hop, names)
  const path = new URL(hop.url).pathname
  return { asks: `${hop.method} ${path}`, credential: credentialOf(hop, names), answer: answerOf(hop) }
}

/** Discovery and the list of tools are the same for all: they say nothing about who asks. */
function toolCall(hop: Hop, names: Names): Words | undefined {
  if (!hop.request.body.includes('"tools/call"')) return undefined
  const { name } = JSON.parse(hop.request.body).params
  return {
    asks: `tools/call ${name}`,
    credential: credentialOf(hop, names),
    answer: toolAnswer(hop),
  }
}

/** A tool that failed is a result that says so, under the status of the HTTP answer, which is 200. */
function toolAnswer(hop: Hop): string {
  const { status, body } = hop.response
  const [, failed] = /"structuredContent":\{"status":(\d{3})/.exec(body) ?? []
  return status === 200 && failed ? `200, and the tool's result is ${failed}` : answerOf(hop)
}

function modelTurn({ request, response }: Hop): Words {
  const { messages } = JSON.parse(request.body)
  const [choice] = JSON.parse(response.body).choices
  const calls: { function: { name: string } }[] = choice.message.tool_calls ?? []
  const key = /‹([^›]*key) sha256:\w+›/.exec(JSON.stringify(messages))?.[1]
  return {
    asks: messages.at(-1).role === 'user' ? 'the prompt' : "the tool's result",
    credential: key ? `the system prompt holds ${key}` : '',
    answer: calls.length > 0 ? `call ${calls.map((call) => call.function.name).join(', ')}` : 'an answer',
  }
}

function renewal(hop: Hop, names: Names): Words {
  return { asks: 'renewal of the session', credential: 'refresh token', answer: tokenIn(hop, names) }
}

function grant(hop: Hop, names: Names): Words | undefined {
  const form = new URLSearchParams(hop.request.body)
  if (form.get('grant_type') === 'client_credentials') return ownGrant(hop, form, names)
  if (!hop.request.body.includes('token-exchange')) return undefined
  const [subject] = hop.tokens.filter(({ claims }) => claims.aud)
  const proof = hop.request.headers.dpop ? ' + DPoP proof' : ''
  return {
    asks: `token exchange: ${form.get('audience')}, ${form.get('scope')}`,
    credential: `mcp-server's secret + ${subject ? names.token(subject.fingerprint) : 'no token'}${proof}`,
    answer: hop.response.status < 400 ? tokenIn(hop, names) : answerOf(hop),
  }
}

/** A request of the agent for itself: there is no user's token in it. */
function ownGrant(hop: Hop, form: URLSearchParams, names: Names): Words {
  const bySignature = form.has('client_assertion')
  return {
    asks: `client credentials: ${form.get('scope')}`,
    credential: bySignature ? "a signature by the agent's own key" : "the client's secret",
    answer: hop.response.status < 400 ? tokenIn(hop, names) : answerOf(hop),
  }
}

function decision({ url, request, response }: Hop): Words {
  const asked = JSON.parse(request.body)
  const input = asked.input ?? asked
  const answered = JSON.parse(response.body)
  const decisions: { allow: boolean; reason: string }[] = Array.isArray(answered)
    ? answered
    : (answered.result ?? [])
  const policy = url.split('/').at(-2)
  const decision = decisions.find(({ allow }) => allow) ?? decisions[0]
  const { subject, client, actors, action } = input
  const who = subject.user || (policy === 'agents' && client) || 'nobody'
  const through = actors.length > 0 ? `, through ${actors.join(', ')},` : ''
  return {
    asks: `${policy}: may ${who}${through} ${action}?`,
    credential: '',
    answer: decision ? `${decision.allow ? 'allow' : 'deny'}: ${decision.reason}` : 'nothing to decide',
    refused: decision?.allow === false,
  }
}

/** The mark of a request without a credential. */
export const noCredential = 'no credential'

/** The credentials of a request. */
export function credentialOf(hop: Hop, names: Names): string {
  const headers = credentialHeaders(hop.request.headers).map(
    ([name, value]) => `${name}: ${names.text(value)}`,
  )
  const key = /"api_key":"‹([^›]*key) sha256:\w+›"/.exec(hop.request.body)?.[1]
  return [...headers, ...(key ? [`argument api_key: ‹${key}›`] : [])].join(', ') || noCredential
}
