import { bearer, type Presented } from '../calls/call.ts'
import { initialize } from '../calls/mcp-call.ts'
import { postMessage } from '../calls/post-message.ts'
import type { Check } from '../check.ts'
import { noHonestToken, type Probe, servesAnybody } from '../probe.ts'
import { found, held, notApplicable, notTried } from '../result.ts'

/** The rounds in which two users call in turn and at once. */
const rounds = 8

export const twoUserChecks: readonly Check[] = [
  {
    id: 'rows-of-another',
    says: "One user's answer holds another user's rows.",
    severity: 'critical',
    clauses: ['MCP10', 'ASI03', 'CWE-488'],
    judgedBy: "the text of one user's honest answer, in the answer to another",
    remedy:
      'Key every cache and every session by the verified subject, and read the identity from each request.',
    async run(probe) {
      const [victim, other] = probe.users
      const [text, otherText] = [probe.textOf(victim ?? ''), probe.textOf(other ?? '')]
      if (!victim || !other) return notTried('it takes two users')
      if (text === undefined || otherText === undefined || text === otherText) {
        return notTried('the target names no text that tells the two users apart: expect.text of each')
      }
      const tokens = await Promise.all([victim, other].map((user) => probe.tokenOf(user)))
      const [mine, theirs] = tokens
      if (mine === undefined || theirs === undefined) return noHonestToken
      for (let round = 0; round < rounds; round += 1) {
        const answers = await Promise.all([
          probe.call(bearer(mine), { text }),
          probe.call(bearer(theirs), { text: otherText }),
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
    says: "It serves one user in another user's session.",
    severity: 'high',
    clauses: ['MCP security best practices, session hijacking'],
    judgedBy: "the answer to another user's token with the session id",
    remedy: 'Bind the session to the subject that opened it, and refuse it to everybody else.',
    async run(probe) {
      const other = probe.users[1]
      const token = other && (await probe.tokenOf(other))
      if (!token) return notTried('it takes an honest token of a second user')
      return inSession(probe, () => bearer(token))
    },
  },
]

/** Lists tools in a session of the victim, first as the victim and then as somebody else. */
async function inSession(probe: Probe, somebody: () => Presented) {
  if (!probe.isMcp) return notApplicable('an HTTP API has no MCP session')
  const token = await probe.tokenOf(probe.victim)
  if (token === undefined) return noHonestToken
  if ((await probe.call({})).kind === 'served') return servesAnybody
  const post = (message: Readonly<Record<string, unknown>>, headers: Presented) =>
    postMessage(probe.sender, probe.target.url, message, headers)
  const opened = await post(initialize, bearer(token))
  const session = opened.headers.get('mcp-session-id')
  if (opened.status >= 400) throw new Error(`the honest session was not opened: HTTP ${opened.status}`)
  if (!session) return notApplicable('it keeps no session')
  const inIt = { 'mcp-session-id': session, 'mcp-protocol-version': initialize.params.protocolVersion }
  await post({ method: 'notifications/initialized' }, { ...inIt, ...bearer(token) })
  const list = (headers: Presented) =>
    post({ id: 2, method: 'tools/list', params: {} }, { ...inIt, ...headers })
  const honest = await list(bearer(token))
  if (!isResult(honest))
    throw new Error(`the honest call in the session was not served: HTTP ${honest.status}`)
  const stolen = await list(somebody())
  return isResult(stolen)
    ? found(`it was served: HTTP ${stolen.status}`)
    : held(`refused (HTTP ${stolen.status})`)
}

const isResult = ({ status, body }: { readonly status: number; readonly body: string }) =>
  status < 300 && body.includes('"result"')
