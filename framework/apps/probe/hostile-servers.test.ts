import { randomInt } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { listen } from '@lab/services'
import { afterEach, describe, expect, it } from 'vitest'
import { checkGroups } from './checks/index.ts'
import { ProbeIssuer } from './issuer.ts'
import { Probe } from './probe.ts'
import { runProbe } from './run-probe.ts'
import { Steadiness } from './steadiness.ts'
import { targetSchema } from './target.ts'
import { selfSigned } from './testing/self-signed.ts'
import { waitForControl } from './wait-for-control.ts'

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** A probe of an HTTP server that does this with each request. */
async function probeOf(answer: RequestListener, tool?: string): Promise<Probe> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rows`
  const issuer = await ProbeIssuer.start(0, { audience: url, scope: 'read', typ: 'at+jwt' })
  opened.push(() => issuer.stop())
  const users = { alice: { expect: { text: 'rows of alice' } } }
  return new Probe(targetSchema.parse({ url, tool, scope: 'read', timeout: 200, users }), issuer)
}

const big = 'x'.repeat(65_536)

describe('a server that cannot be judged', () => {
  it.each<[string, RequestListener, RegExp]>([
    ['hangs', () => {}, /gave no answer: no whole answer within 200 ms/],
    [
      'closes connections',
      (request) => request.socket.destroy(),
      /gave no answer: (ECONNRESET|UND_ERR_SOCKET)/,
    ],
    [
      'never ends its answer',
      (_request, response) => {
        response.write('data: {}\n\n')
      },
      /no whole answer within 200 ms/,
    ],
    [
      'floods',
      (_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write(big));
        }
        response.on('drain', more)
        more()
      },
      /the answer is longer than|no whole answer within/,
    ],
    [
      'redirects',
      (_request, response) => response.writeHead(302, { location: '/' }).end(),
      /is unclear: HTTP 302/,
    ],
    ['says yes to everything', (_request, response) => response.end('yes'), /is unclear: HTTP 200/],
    ['says no to everything', (_request, response) => response.writeHead(401).end(), /is refused: HTTP 401/],
    ['fails at everything', (_request, response) => response.writeHead(500).end(), /is refused: HTTP 500/],
  ])('%s: told in one line before any check', async (_what, answer, message) => {
    const error = await waitForControl(await probeOf(answer), 0).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain('\n')
  })

  it.each<[string, RequestListener, RegExp]>([
    ['a web page', (_request, response) => response.end('<html>'), /is unclear: HTTP 200 without a result/],
    [
      'nothing',
      (_request, response) => response.writeHead(404).end(),
      /is refused: HTTP 404 without a result/,
    ],
    [
      'JSON of another kind',
      (_request, response) => response.end('{"result": "rows of alice"}'),
      /is unclear: HTTP 200 without a result/,
    ],
    [
      'events without end',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const more = setInterval(() => response.write('data: {"jsonrpc":"2.0"}\n\n'), 20)
        response.on('close', () => clearInterval(more))
      },
      /no whole answer within 200 ms/,
    ],
  ])('is no MCP server, and answers a tool call with %s', async (_what, answer, message) => {
    await expect(waitForControl(await probeOf(answer, 'rows'), 0)).rejects.toThrow(message)
  })

  it('and that is not there, too', async () => {
    const listener = await listen()
    await listener.close()
    const target = targetSchema.parse({
      url: listener.url,
      users: { alice: { token: 'a.b.c' } },
    })
    await expect(waitForControl(new Probe(target, undefined), 0)).rejects.toThrow(
      'gave no answer: ECONNREFUSED',
    )
  })
})

describe('a server under TLS', () => {
  async function secured(ca?: string): Promise<Probe> {
    const server = createTlsServer(selfSigned, (_request, response) => response.end('rows of alice'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    opened.push(() => new Promise((resolve) => server.close(resolve)))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/rows`
    const users = { alice: { token: 'a.b.c', expect: { text: 'rows of alice' } } }
    return new Probe(targetSchema.parse({ url, users, timeout: 2_000, ca }), undefined)
  }

  it('of an unknown authority is refused, and the remedy is named', async () => {
    await expect(waitForControl(await secured(), 0)).rejects.toThrow(
      /SELF_SIGNED_CERT: name the authority of its certificate with --ca/,
    )
  })

  it('is asked where its authority is given', async () => {
    const probe = await secured(selfSigned.cert)
    await waitForControl(probe, 0)
    expect(await runProbe(probe, ['no-token'])).toMatchObject([{ outcome: 'found' }])
  })
})

it('a server that falls silent in mid-run is not waited for at each check, and nothing of it held', async () => {
  let answers = 0
  const probe = await probeOf((_request, response) => {
    answers += 1
    if (answers <= 1) response.end('rows of alice')
  })
  await waitForControl(probe, 0)
  const results = await runProbe(probe)
  expect(results.filter(({ outcome }) => outcome === 'held')).toEqual([])
  expect(
    results.filter(({ reason }) => reason === 'the server gives no answer any more').length,
  ).toBeGreaterThan(20)
})

describe('a server that answers at random', () => {
  // The seed stands in the message of a failure: put it here to see that run again.
  const seed = randomInt(2 ** 31)

  it.each([
    ['serves honest callers alone', true],
    ['serves anybody', false],
  ])('and %s: nothing held, no false finding, each reason one line', async (_what, isRight) => {
    const random = randomFrom(seed)
    const honest = new Set<string | undefined>()
    const probe = await probeOf((request, response) => {
      const chance = random()
      if (chance < 0.15) return response.writeHead(500).end()
      if (chance < 0.25) return response.writeHead(401).end()
      if (chance < 0.3) return response.writeHead(302, { location: '/' }).end()
      if (chance < 0.35) return response.end('yes')
      if (chance < 0.36) return request.socket.destroy()
      const token = request.headers.authorization?.split(' ')[1]
      if (isRight && !honest.has(token))
        return response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()
      return response.end('rows of alice')
    })
    const issuer = probe.issuer as ProbeIssuer
    const mint = issuer.mint.bind(issuer)
    issuer.mint = async (user, claims, changes) => {
      const token = await mint(user, claims, changes)
      if (!changes) honest.add(token)
      return token
    }
    await waitForControl(probe, 20_000)
    // A new key is waited for, and this server waits for none.
    const all = checkGroups.flatMap(({ checks }) => checks.map(({ id }) => id))
    const results = await runProbe(
      probe,
      all.filter((id) => id !== 'rotated-key'),
    )
    const told = (outcome: string) =>
      results.filter((each) => each.outcome === outcome).map(({ check, reason }) => `${check.id}: ${reason}`)
    expect(told('held'), `seed ${seed}`).toEqual([])
    expect(probe.isUnsteady, `seed ${seed}`).toBe(true)
    const findings = told('found')
    if (isRight) expect(findings, `seed ${seed}`).toEqual([])
    else
      expect(
        findings.filter((each) => !/served|in round/.test(each)),
        `seed ${seed}`,
      ).toEqual([])
    expect(told('error').length, `seed ${seed}`).toBeGreaterThan(10)
    expect(results.filter(({ reason }) => reason.includes('\n'))).toEqual([])
  })

  it('but one failure, or one that lasts, is no chance', async () => {
    const unsteadyAfter = (...served: boolean[]) => {
      const steadiness = new Steadiness()
      for (const each of served) steadiness.note(each)
      return steadiness.isUnsteady
    }
    expect(unsteadyAfter(false, false, true, true)).toBe(false)
    expect(unsteadyAfter(true, false, true, false, false)).toBe(false)
    expect(unsteadyAfter(true, false, false, true, false, true)).toBe(true)
  })
})

/** Numbers from 0 to 1, the same for one seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

it('a server that sends a header at a time, for ever, is left after the time limit', async () => {
  const probe = await probeOf((request, response) => {
    if (request.headers.host !== 'evil.example') return void response.end('{}')
    request.socket.write('HTTP/1.1 200 OK\r\n')
    const more = setInterval(() => request.socket.write('x: y\r\n'), 20)
    request.socket.on('error', () => {}).on('close', () => clearInterval(more))
  }, 'rows')
  expect(await runProbe(probe, ['foreign-host'])).toMatchObject([
    { outcome: 'error', reason: 'no answer within 200 ms' },
  ])
})

it('a long answer and a long message are shown in part, and their tokens not at all', async () => {
  const probe = await probeOf((_request, response) => response.end(`rows of alice ${big}${big}${big}`))
  const { sender, target } = probe
  const token = (await probe.tokenOf('alice')) ?? ''
  await sender.send(target.url, { method: 'POST', body: `${token} ${big.repeat(40)}` })
  const [sent] = sender.taken()
  expect(sent).toMatchObject({ status: 200, answer: expect.stringMatching(/^rows of alice x+$/) })
  expect(sent?.body).toHaveLength(2_000)
  expect(sent?.body).not.toContain(token.split('.')[2])
})

it('a run ends at its number of requests, and says so', async () => {
  const probe = await probeOf((_request, response) => response.end('rows of alice'))
  const few = new Probe({ ...probe.target, maxRequests: 3 }, probe.issuer)
  const results = await runProbe(few, ['no-token', 'expired', 'no-expiry'])
  expect(few.sender.count).toBe(3)
  expect(results.at(-1)).toMatchObject({ outcome: 'error', reason: 'the limit of 3 requests is reached' })
})

it('a kept connection that the server ends meanwhile is no silence: the request goes out once more', async () => {
  const seen = new Set<unknown>()
  const { sender, target } = await probeOf((request, response) => {
    if (seen.has(request.socket)) return request.socket.destroy()
    seen.add(request.socket)
    return response.end('rows of alice')
  })
  for (let request = 0; request < 3; request++) {
    expect((await sender.send(target.url, { method: 'POST', body: '{}' })).status).toBe(200)
  }
  expect(seen.size).toBe(3)
})
