import { asSentence, holes } from '../../../attacks/attacker/holes.ts'
import { spoofedHeaders } from '../../../attacks/attribution/identity-headers.ts'
import { type HeaderValues, type Presented, withHeaders } from '../calls/call.ts'
import { initialize } from '../calls/mcp-call.ts'
import { postMessage } from '../calls/post-message.ts'
import type { Check } from '../check.ts'
import { claimsIn } from '../given-tokens.ts'
import { noHonestToken, type Probe, servesAnybody } from '../probe.ts'
import { found, held, notApplicable, notTried, type ProbeResult } from '../result.ts'

/** The rounds in which two users call in turn and at once. */
const rounds = 8

export const twoUserChecks: readonly Check[] = [
  {
    id: 'rows-of-another',
    says: asSentence(holes['rows-of-another']),
    severity: 'critical',
    clauses: ['MCP10', 'ASI03', 'CWE-488'],
    judgedBy: "the text of one user's honest answer, in the answer to another",
    remedy:
      'Key every cache and every session by the verified subject, and read the identity from each request.',
    async run(probe) {
      const two = await twoUsers(probe)
      if ('outcome' in two) return two
      const { victim, other, mine, theirs, text, otherText } = two
      for (let round = 0; round < rounds; round += 1) {
        const answers = await Promise.all([
          probe.call(probe.present(mine), { text }),
          probe.call(probe.present(theirs), { text: otherText }),
        ])
        const [of, ofOther] = answers.map(({ last }) => last.body)
        if (of?.includes(otherText)) return found(`${victim} got ${other}'s rows in round ${round + 1}`)
        if (ofOther?.includes(text)) return found(`${other} got ${victim}'s rows in round ${round + 1}`)
        for (const { kind, how } of answers) {
          if (kind !== 'served') throw new Error(`an honest call was ${kind} in round ${round + 1}: ${how}`)
        }
      }
      return held(`${rounds} rounds of both users at once: each got their own`)
    },
  },
  {
    id: 'identity-header-spoof',
    says: asSentence(holes['identity-header-spoof']),
    severity: 'critical',
    clauses: ['CWE-290', 'ASI03', 'MCP07'],
    judgedBy: "the text of one user's honest answer, in the answer to another who names them in headers",
    remedy: 'Read the identity from the verified token alone; drop such headers at the edge.',
    async run(probe) {
      const two = await twoUsers(probe)
      if ('outcome' in two) return two
      const { victim, other, mine, theirs, text, otherText } = two
      if ((await probe.call({})).kind === 'served') return servesAnybody
      const without = await probe.call(probe.present(theirs), { text: otherText })
      if (without.last.body.includes(text))
        return notApplicable('headers change nothing; see rows-of-another')
      const sub = claimsIn(mine)?.sub ?? victim
      const spoofed = spoofedHeaders({ name: victim, sub, role: 'admin' }, [], [])
      await probe.control()
      for (const headers of spoofed) {
        const presented = withHeaders(probe.present(theirs), headers)
        const { last } = await probe.call(presented, { text: otherText })
        if (last.body.includes(text)) return found(`${other} got ${victim}'s rows by a header`)
        if ((await probe.call(headers)).kind === 'served') return found('headers without a token were served')
      }
      await probe.control(other)
      return held(`${spoofed.length} sets of headers that name ${victim}: nothing of ${victim} came back`)
    },
  },
  {
    id: 'session-as-credential',
    says: 'The session id alone lets a caller in.',
    severity: 'critical',
    clauses: ['MCP security best practices, session hijacking', 'ASI03'],
    judgedBy:
      'an answer to a request with the session id and no token, beside the same request with the token',
    remedy: 'Verify the token on every request; a session id is no authentication.',
    run: (probe) => inSession(probe, () => ({})),
  },
  {
    id: 'session-of-another',
    says: asSentence(holes['session-of-another']),
    severity: 'high',
    clauses: ['MCP security best practices, session hijacking'],
    judgedBy: "the answer to another user's token with the session id",
    remedy: 'Bind the session to the subject that opened it, and refuse it to everybody else.',
    async run(probe) {
      const other = probe.users[1]
      const token = other && (await probe.tokenOf(other))
      if (!token) return notTried('it takes an honest token of a second user')
      return inSession(probe, () => probe.present(token))
    },
  },
]

interface TwoUsers {
  readonly victim: string
  readonly other: string
  readonly mine: string
  readonly theirs: string
  readonly text: string
  readonly otherText: string
}

/** Two users with honest tokens and a text for each; or why there are none. */
async function twoUsers(probe: Probe): Promise<TwoUsers | ProbeResult> {
  const [victim, other] = probe.users
  if (!victim || !other) return notTried('it takes two users')
  const [text, otherText] = [probe.textOf(victim), probe.textOf(other)]
  if (text === undefined || otherText === undefined || text === otherText) {
    return notTried('the target names no text that tells the two users apart: expect.text of each')
  }
  const [mine, theirs] = await Promise.all([victim, other].map((user) => probe.tokenOf(user)))
  if (mine === undefined || theirs === undefined) return noHonestToken
  return { victim, other, mine, theirs, text, otherText }
}

/** Lists tools in a session of the victim, first as the victim and then as somebody else. */
async function inSession(probe: Probe, somebody: () => Presented) {
  if (!probe.isMcp) return notApplicable('an HTTP API has no MCP session')
  const token = await probe.tokenOf(probe.victim)
  if (token === undefined) return noHonestToken
  if ((await probe.call({})).kind === 'served') return servesAnybody
  const honestly = probe.present(token)
  const post = (
    message: Readonly<Record<string, unknown>>,
    presented: Presented,
    headers: HeaderValues = {},
  ) => postMessage(probe.sender, probe.target.url, message, presented, headers)
  const opened = await post(initialize, honestly)
  const session = opened.headers.get('mcp-session-id')
  if (opened.status >= 400) throw new Error(`the honest session was not opened: HTTP ${opened.status}`)
  if (!session) return notApplicable('it keeps no session')
  const inIt = { 'mcp-session-id': session, 'mcp-protocol-version': initialize.params.protocolVersion }
  await post({ method: 'notifications/initialized' }, honestly, inIt)
  const list = (presented: Presented) => post({ id: 2, method: 'tools/list', params: {} }, presented, inIt)
  const honest = await list(honestly)
  if (!isResult(honest))
    throw new Error(`the honest call in the session was not served: HTTP ${honest.status}`)
  const stolen = await list(somebody())
  return isResult(stolen)
    ? found(`it was served: HTTP ${stolen.status}`)
    : held(`refused (HTTP ${stolen.status})`)
}

const isResult = ({ status, body }: { readonly status: number; readonly body: string }) =>
  status < 300 && body.includes('"result"')
