import { request } from 'node:http'
import { type HeaderValues, headersOf, withHeaders } from '../calls/call.ts'
import { initialize } from '../calls/mcp-call.ts'
import { messageHeaders } from '../calls/post-message.ts'
import type { Check } from '../check.ts'
import { noHonestToken, type Probe, servesAnybody } from '../probe.ts'
import { found, foundByStatus, held, notApplicable } from '../result.ts'
import { NoAnswer } from '../sender.ts'

export const transportChecks: readonly Check[] = [
  {
    id: 'foreign-origin',
    says: 'It serves a web page of another site.',
    severity: 'medium',
    clauses: ['MCP transports 2026-07-28, security warning', 'CWE-346'],
    judgedBy: 'the honest answer to a call with a foreign `Origin`',
    remedy: 'Refuse an `Origin` that you do not know with 403.',
    async run(probe) {
      if (!probe.isMcp) return notApplicable('an HTTP API with tokens in a header needs no such check')
      const token = await probe.tokenOf(probe.victim)
      if (token === undefined) return noHonestToken
      return probe.refusesAll(
        ['https://evil.example', 'null'].map((origin) => ({
          presented: withHeaders(probe.present(token), { origin }),
          what: `a call from the origin ${origin}`,
        })),
      )
    },
  },
  {
    id: 'foreign-host',
    says: 'It answers by a name that is not its own (DNS rebinding).',
    severity: 'low',
    clauses: ['MCP transports 2026-07-28, security warning', 'CWE-350'],
    judgedBy: 'the status of an honest request with a foreign `Host`, beside the same one with its own',
    remedy: 'Refuse a `Host` that is not the name of this server.',
    async run(probe) {
      if (!probe.isMcp) return notApplicable('an HTTP API with tokens in a header needs no such check')
      const { url, timeout } = probe.target
      if (new URL(url).protocol !== 'http:') return notApplicable('under TLS the certificate ties the name')
      const token = await probe.tokenOf(probe.victim)
      if (token === undefined) return noHonestToken
      const presented = () => headersOf(probe.present(token), { method: 'POST', url })
      const own = await statusFor(url, { host: new URL(url).host, presented: await presented(), timeout })
      if (own >= 400) throw new Error(`the honest request gets ${own}`)
      const foreign = await statusFor(url, { host: 'evil.example', presented: await presented(), timeout })
      if (foreign < 400) return foundByStatus(`evil.example gets HTTP ${foreign}`)
      return probe.heldBeside(`refused (HTTP ${foreign})`)
    },
  },
  {
    id: 'cors-with-credentials',
    says: 'It lets any site read its answers with the credentials of a browser.',
    severity: 'medium',
    clauses: ['Fetch standard, CORS protocol and credentials', 'CWE-942'],
    judgedBy:
      '`Access-Control-Allow-Origin` and `-Credentials` of the answer to a foreign preflight, beside an honest call',
    remedy: 'Allow named origins, and no credentials: the token comes in a header.',
    async run(probe) {
      const { headers } = await probe.sender.send(probe.target.url, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      })
      const origin = headers.get('access-control-allow-origin')
      const credentials = headers.get('access-control-allow-credentials') === 'true'
      return origin === 'https://evil.example' && credentials
        ? found('it repeats the foreign origin, and allows credentials')
        : probe.heldBeside(
            origin ? `Access-Control-Allow-Origin: ${origin}, without credentials` : 'no such header',
          )
    },
  },
  {
    id: 'other-method',
    says: 'Another method goes round the check of the token.',
    severity: 'high',
    clauses: ['MCP authorization 2026-07-28, access token usage', 'OWASP API5:2023', 'CWE-650'],
    judgedBy: 'the status of requests by other methods without a token',
    remedy: 'Verify the token before the method is looked at.',
    async run(probe) {
      const { target, sender, isMcp } = probe
      if (!isMcp && target.method === 'POST') {
        return notApplicable('another method of an HTTP API is another call, which nobody named')
      }
      if ((await probe.tokenOf(probe.victim)) === undefined) return noHonestToken
      if ((await probe.call({})).kind === 'served') return servesAnybody
      await probe.control()
      const others = isMcp ? ['GET', 'HEAD', 'DELETE'] : [target.method === 'GET' ? 'HEAD' : 'GET']
      const seen: string[] = []
      for (const method of others) {
        const headers = { accept: 'text/event-stream', ...(isMcp && { 'mcp-session-id': 'nobodys-session' }) }
        const status = await sender.statusOf(target.url, { method, headers })
        if (status < 300) return foundByStatus(`${method} without a token gets ${status}`)
        seen.push(`${method} ${status}`)
      }
      await probe.control()
      return held(seen.join(', '))
    },
  },
  {
    id: 'large-body',
    says: 'It reads a body of 8 MiB.',
    severity: 'low',
    clauses: ['CWE-770', 'OWASP API4:2023'],
    judgedBy: 'the status of an honest message with a filling of 8 MiB, and the honest call after it',
    remedy: 'Bound the body before you read it, and answer 413.',
    async run(probe) {
      if (!probe.isMcp) return notApplicable('the harmless call has no body that could be filled')
      const token = await probe.tokenOf(probe.victim)
      if (token === undefined) return noHonestToken
      await probe.control()
      const { url } = probe.target
      const headers = await honestHeaders(probe, token)
      const body = JSON.stringify({ jsonrpc: '2.0', ...initialize, filling: 'x'.repeat(8 * 1_048_576) })
      const status = await probe.sender.statusOf(url, { method: 'POST', headers, body }).catch(cutOff)
      await probe.control()
      if (status >= 500 || (status > 0 && status < 300)) return foundByStatus(`it answered ${status}`)
      return held(status === 0 ? 'it ended the connection' : `refused (HTTP ${status})`)
    },
  },
  {
    id: 'malformed-message',
    says: 'A malformed message makes it fail.',
    severity: 'low',
    clauses: ['JSON-RPC 2.0 section 5.1', 'CWE-755'],
    judgedBy: 'the status of the answers to malformed messages, and the honest call after them',
    remedy: 'Answer 400 with a JSON-RPC error, and never 500.',
    async run(probe) {
      if (!probe.isMcp) return notApplicable('the target is no JSON-RPC server')
      const token = await probe.tokenOf(probe.victim)
      if (token === undefined) return noHonestToken
      await probe.control()
      const bodies = ['{', '[]', '"x"', '{"jsonrpc":"2.0","id":1,"method":7}', `[${'['.repeat(5000)}`]
      for (const body of bodies) {
        const headers = await honestHeaders(probe, token)
        const { status } = await probe.sender.send(probe.target.url, { method: 'POST', headers, body })
        if (status >= 500) return foundByStatus(`${body.slice(0, 40)} gets ${status}`)
      }
      await probe.control()
      return held(`${bodies.length} malformed messages, none of them a 5xx`)
    },
  },
]

/** The headers of a message that the server takes; those of a proof are for this one request. */
async function honestHeaders(probe: Probe, token: string): Promise<Record<string, string>> {
  const proven = await headersOf(probe.present(token), { method: 'POST', url: probe.target.url })
  return { ...messageHeaders, ...proven }
}

/** A server may end the connection in the midst of a body that is too long. */
function cutOff(error: unknown): number {
  if (error instanceof NoAnswer && !error.isLate) return 0
  throw error
}

interface WithHost {
  readonly host: string
  readonly presented: HeaderValues
  /** In ms. */
  readonly timeout: number
}

/** The status of an `initialize` with this `Host`, which `fetch` sets itself. */
function statusFor(url: string, { host, presented, timeout }: WithHost): Promise<number> {
  const headers = { host, ...messageHeaders, ...presented }
  // For the whole answer: an idle time alone would let a server go on for ever, a header at a time.
  const signal = AbortSignal.timeout(timeout)
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, signal }, (response) => {
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', (error) =>
      reject(signal.aborted ? new NoAnswer(`no answer within ${timeout} ms`, true) : error),
    )
    sent.end(JSON.stringify({ jsonrpc: '2.0', ...initialize }))
  })
}
