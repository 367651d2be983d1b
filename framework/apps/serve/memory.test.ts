import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { tokenOf } from './token-of.ts'

const MB = 1024 * 1024
const script = fileURLToPath(new URL('testing/measured-serve.ts', import.meta.url))
const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const message = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'list_expenses', arguments: {} },
})

let child: ChildProcess | undefined
afterEach(async () => {
  if (child?.exitCode !== null) return
  child.disconnect()
  await once(child, 'exit')
})

/** p06, as `pnpm run serve` keeps it up, in a process with little memory. */
async function serve(...args: readonly string[]): Promise<URL> {
  const execArgv = ['--import', 'tsx', '--expose-gc', '--max-old-space-size=128']
  child = fork(script, ['p06', ...args], { execArgv, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const { stdout } = child
  if (!stdout) throw new Error('a process without output')
  return new Promise((resolve, reject) => {
    let url = ''
    // It is read to its end: a pipe that is full would hold the server up.
    createInterface(stdout).on('line', (line) => {
      url ||= /http:\S+\/mcp$/.exec(line)?.[0] ?? ''
      if (line.includes('Calls')) resolve(new URL(url))
    })
    child?.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
}

/** The server's memory after garbage collection, in bytes. */
async function held(): Promise<number> {
  if (!child) throw new Error('no server')
  const answered = once(child, 'message')
  child.send('how much?')
  return Number((await answered)[0])
}

/** A thousand callers at once, each with a connection and a token of their own that is none. */
async function callersWithoutToken(url: URL): Promise<number[]> {
  const call = async () => {
    const headers = { ...json, authorization: `Bearer ${crypto.randomUUID()}` }
    const request = httpRequest(url, { method: 'POST', headers, agent: false }).end(message)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await once(response.resume(), 'close')
    return response.statusCode ?? 0
  }
  return Promise.all(Array.from({ length: 1_000 }, call))
}

/** Bodies that grow to 10 MB, of callers who have a token. */
async function tooLong(url: URL, authorization: string): Promise<void> {
  const chunk = new Uint8Array(64 * 1024).fill(0x20)
  const send = async () => {
    let left = (10 * MB) / chunk.length
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    })
    const request = { method: 'POST', headers: { ...json, authorization }, body, duplex: 'half' }
    // The server may hang up while this end is still sending.
    const response = await fetch(url, request as RequestInit).catch(() => undefined)
    await response?.text().catch(() => undefined)
    return response?.status ?? 413
  }
  expect(new Set(await Promise.all(Array.from({ length: 4 }, send)))).toEqual(new Set([413]))
}

/** Callers who send half of a message, one byte after the other, and leave. */
async function leaving(url: URL, authorization: string): Promise<void> {
  const head = `POST /mcp HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nAccept: ${json.accept}\r\nContent-Length: ${message.length}\r\n\r\n`
  const leave = async () => {
    const socket = connect(Number(url.port), url.hostname)
    await once(socket, 'connect')
    for (const part of [head, ...message.slice(0, 20)]) {
      await new Promise((resolve) => socket.write(part, resolve))
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: 100 }, leave))
}

/** The growth of the server's memory from the first round of all that to the last, in MB. */
async function growth(url: URL, rounds: number): Promise<number> {
  const metadata = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', url))
  const [issuer] = ((await metadata.json()) as { authorization_servers: string[] }).authorization_servers
  const authorization = `Bearer ${await tokenOf('bob', url, { issuer })}`
  const afterRound: number[] = []
  for (let round = 0; round < rounds; round++) {
    expect(new Set(await callersWithoutToken(url))).toEqual(new Set([401]))
    await tooLong(url, authorization)
    await leaving(url, authorization)
    afterRound.push(await held())
  }
  const response = await fetch(url, { method: 'POST', headers: { ...json, authorization }, body: message })
  expect(response.status).toBe(200)
  return ((afterRound.at(-1) ?? 0) - (afterRound[0] ?? 0)) / MB
}

/** In MB: less than 2 KB for each of the 2,200 callers of two rounds. */
const bound = 4
/** In ms: a guard against standing still, and no measure. */
const timeout = 240_000

describe('what bad callers leave behind', () => {
  it(
    'does not grow with their number',
    async () => {
      expect(await growth(await serve(), 3)).toBeLessThan(bound)
    },
    timeout,
  )

  it(
    'would be noticed: a server that keeps each request grows beyond that',
    async () => {
      // One round more is enough: it keeps many times the bound.
      expect(await growth(await serve('leaking'), 2)).toBeGreaterThan(bound)
    },
    timeout,
  )
})
