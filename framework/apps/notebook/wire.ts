import type { Hop } from '../../trace/recorder/hop.ts'
import type { StableNames } from '../../trace/sequence/stable-names.ts'
import { codeView } from './code-view.ts'
import type { Lesson, LessonRun } from './lesson.ts'
import { markdown, type Rich } from './rich.ts'

/** The fields of a token answer that specifications define; what else an IdP adds is its own. */
const answerFields = [
  'access_token',
  'issued_token_type',
  'token_type',
  'expires_in',
  'scope',
  'refresh_token',
  'id_token',
]

/** The token exchange of a run as HTTP, and its answer. */
export function exchangeRequest(lesson: Lesson, run: Pick<LessonRun, 'hops'>): Rich {
  const hop = run.hops.find(({ to, request }) => to === 'idp' && request.body.includes('token-exchange'))
  if (!hop) return markdown(`${lesson.name} exchanges no token.`)
  const names = lesson.namesIn(run)
  const subject = hop.tokens.find(({ claims }) => claims.aud)
  const form = new URLSearchParams(hop.request.body)
  const dpop = hop.request.headers.dpop
  return codeView(
    [
      'POST /token HTTP/1.1',
      'Host: idp',
      `Authorization: ${hop.request.headers.authorization}`,
      ...(dpop ? [`DPoP: ${names.text(dpop)}`] : []),
      'Content-Type: application/x-www-form-urlencoded',
      '',
      ...formLines({
        grant_type: form.get('grant_type'),
        subject_token: subject ? `‹${names.token(subject.fingerprint)} for ${subject.claims.aud}›` : null,
        subject_token_type: form.get('subject_token_type'),
        audience: form.get('audience'),
        scope: form.get('scope'),
      }),
      '',
      ...tokenAnswer(hop, names),
    ].join('\n'),
    'http',
  )
}

/** The request of a run to its service as HTTP, with the parts of a signature a line each. */
export function serviceRequest(lesson: Lesson, run: Pick<LessonRun, 'hops'>): Rich {
  const hop = run.hops.find(({ from, to }) => from === 'mcp-server' && to !== 'idp' && to !== 'pdp')
  if (!hop) return markdown(`${lesson.name} asks no service in this run.`)
  const names = lesson.namesIn(run)
  const { pathname, search } = new URL(hop.url)
  const { authorization, dpop, 'content-digest': digest, 'signature-input': input } = hop.request.headers
  return codeView(
    [
      `${hop.method} ${pathname}${search} HTTP/1.1`,
      `Host: ${hop.to}`,
      ...(authorization ? [`Authorization: ${names.text(authorization)}`] : []),
      ...(dpop ? [`DPoP: ${names.text(dpop)}`] : []),
      ...(digest ? [`Content-Digest: ${digest}`] : []),
      ...(input ? ['Signature-Input:', ...signatureLines(input), 'Signature: sig=:‹64 bytes›:'] : []),
      ...(hop.request.body ? ['Content-Type: application/json', '', hop.request.body] : []),
    ].join('\n'),
    'http',
  )
}

/** A signature's components and parameters, without those that every run has anew. */
function signatureLines(input: string): string[] {
  const [components = '', ...parameters] = input.split(/;(?=[a-z]+=)/)
  const told: Record<string, string> = { created: '‹now›', keyid: '"‹thumbprint of the key, as in cnf.jkt›"' }
  return [
    `  ${components}`,
    ...parameters.map((each) => {
      const [name = '', value] = each.split('=')
      return `  ;${name}=${told[name] ?? value}`
    }),
  ]
}

/** The requests of a sign-in that matter: to the IdP's page, back with a code, and the code for tokens. */
export function signInRequests(lesson: Lesson, run: Pick<LessonRun, 'hops'>): Rich {
  const hops = run.hops.filter(({ from, to }) => from === 'agent' && to === 'idp')
  const asked = hops.find(({ url }) => url.includes('response_type=code'))
  const back = hops.find(({ response }) => /[?&]code=/.test(response.headers.location ?? ''))
  const traded = hops.find(({ request }) => request.body.includes('authorization_code'))
  if (!asked || !back || !traded) return markdown(`${lesson.name} signs nobody in.`)
  const names = lesson.namesIn(run)
  const wanted = new URL(asked.url).searchParams
  const form = new URLSearchParams(traded.request.body)
  return codeView(
    [
      '# 1. The browser goes to the IdP.',
      '# The challenge is the hash of a verifier that the app keeps for step 3.',
      'GET /auth',
      ...formLines({
        response_type: 'code',
        client_id: wanted.get('client_id'),
        redirect_uri: wanted.get('redirect_uri'),
        scope: [...new Set(wanted.get('scope')?.split(' '))].join(' '),
        code_challenge: '‹SHA-256 of the verifier›',
        code_challenge_method: wanted.get('code_challenge_method'),
        state: '‹state›',
      }),
      '',
      '# 2. The user gives name and password to the IdP alone.',
      '# It sends the browser back with a code.',
      'HTTP/1.1 302 Found',
      `Location: ${form.get('redirect_uri')}?code=‹code›&state=‹state›`,
      '',
      '# 3. The app trades code and verifier for tokens.',
      '# A stolen code is worth nothing without the verifier.',
      'POST /token',
      ...formLines({
        grant_type: form.get('grant_type'),
        client_id: form.get('client_id'),
        redirect_uri: form.get('redirect_uri'),
        code: '‹code›',
        code_verifier: '‹verifier›',
      }),
      '',
      ...tokenAnswer(traded, names),
    ].join('\n'),
    'http',
  )
}

/** One parameter a line: it is one long line on the wire. */
function formLines(parameters: Readonly<Record<string, string | null>>): string[] {
  const given = Object.entries(parameters).filter(([, value]) => value !== null)
  return given.map(([name, value], at) => `  ${at === 0 ? ' ' : '&'}${name}=${value}`)
}

function tokenAnswer({ response }: Hop, names: StableNames): string[] {
  const body: Record<string, unknown> = JSON.parse(response.body)
  const fields = answerFields.flatMap((name) => {
    const value = body[name]
    return value === undefined ? [] : [`  "${name}": ${JSON.stringify(shownField(name, value, names))}`]
  })
  return [`HTTP/1.1 ${response.status}`, 'Content-Type: application/json', '', '{', fields.join(',\n'), '}']
}

function shownField(name: string, value: unknown, names: StableNames): unknown {
  if (typeof value !== 'string') return value
  if (name === 'refresh_token') return '‹refresh token›'
  if (name === 'id_token') return '‹id token for the app›'
  // A set of words, which every IdP lists in an order of its own.
  return name === 'scope' ? value.split(' ').sort().join(' ') : names.text(value)
}
