import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '@lab/services'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../process/free-port.ts'
import { audienceOf, type Mistake, resourceServer } from '../probe/testing/resource-server.ts'
import { runHere } from './testing/run-here.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-command-'))
})
afterAll(() => rm(folder, { recursive: true }))

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** The words that probe a server with these mistakes, as its issuer. */
async function wordsFor(...mistakes: Mistake[]): Promise<string[]> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const trusted = { url, jwksUrl: `${url}/jwks`, introspectionUrl: `${url}/introspect` }
  const server = await resourceServer(() => trusted, undefined, ...mistakes)
  opened.push(() => server.close())
  return [
    ...['probe', audienceOf(server.url), '--as-issuer', String(port), '--tool', 'rows', '--scope', 'read'],
    ...['--acr', 'mfa', '--expect', 'alice=rows of alice', '--only', 'no-token,expired,issued-in-the-future'],
  ]
}

describe('probe', () => {
  it('exits 0 where all holds, and 1 from the severity of --fail-on on', async () => {
    const right = await runHere(await wordsFor())
    expect(right).toMatchObject({ code: 0, err: '' })
    expect(right.out).toContain('3 checks: 3 held')
    const words = await wordsFor('any-iat')
    expect((await runHere(words)).code).toBe(0)
    expect((await runHere([...words, '--fail-on', 'low'])).code).toBe(1)
  })

  it('shows what a change of the server did, in files without a token', async () => {
    const out = join(folder, 'before')
    const reports = ['--report', 'json,sarif,junit,html', '--out', out]
    const before = await runHere([...(await wordsFor('no-expiry-check')), ...reports])
    expect(before.code).toBe(1)
    const files = await readdir(out)
    expect(files).toHaveLength(4)
    const texts = await Promise.all(files.map((file) => readFile(join(out, file), 'utf8')))
    for (const text of [before.out, before.err, ...texts]) {
      expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]{20,}/)
    }
    const after = await runHere([...(await wordsFor()), '--baseline', join(out, 'probe.json')])
    expect(after.code).toBe(0)
    expect(after.out).toContain('changed  expired: found → held')
  })

  it.each<[string, RegExp, () => Promise<string[]>]>([
    [
      'a port that is taken',
      /^error: cannot listen on port \d+ \(EADDRINUSE\): choose another --as-issuer <port>\n$/,
      async () => {
        const taken = await listen()
        opened.push(() => taken.close())
        return ['probe', 'http://127.0.0.1:9/mcp', '--as-issuer', new URL(taken.url).port]
      },
    ],
    [
      'a file with unknown keys',
      /^error: \S+ is no target: [^\n]*must not have tools\n$/,
      async () => {
        await writeFile(join(folder, 'probe.yaml'), 'url: http://127.0.0.1:9/\ntools: x\n')
        return ['probe', join(folder, 'probe.yaml')]
      },
    ],
    [
      'a host that nobody owns up to',
      /^error: api\.example is not this machine: [^\n]*--i-own-this-host api\.example\n$/,
      async () => ['probe', 'https://api.example/mcp'],
    ],
    [
      'a server that serves nobody',
      /^error: the honest call of alice is refused: HTTP 401[^\n]*cannot be judged[^\n]*\n$/,
      async () => [...(await wordsFor('refuses-everybody')), '--wait', '0'],
    ],
    [
      'an unknown check',
      /^error: unknown check "x": use [^\n]*\n$/,
      async () => ['probe', 'http://[::1]/', '--only', 'x'],
    ],
  ])('exits 2 for %s, in one line', async (_what, message, words) => {
    const { code, err } = await runHere(await words())
    expect(err).toMatch(message)
    expect(code).toBe(2)
  })
})
