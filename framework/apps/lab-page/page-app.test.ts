import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { Copies } from './copy/copies.ts'
import { quietProcess } from './copy/testing/quiet-process.ts'
import { Job } from './job.ts'
import { type LabView, labView } from './lab-view.ts'
import { Links } from './links.ts'
import { pageApp } from './page-app.ts'
import { limits, Visitors } from './visitors.ts'

const port = 4999
const own = { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, 'x-lab-page': '1' }
const asJson = { ...own, 'content-type': 'application/json' }

describe('the lab page, by its routes', () => {
  let folder: string
  let lab: LabView
  let links: Links
  let visitors: Visitors
  const told: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-page-'))
    await writeFile(join(folder, 'index.html'), '<!doctype html>')
    lab = await labView(readRealm())
  })
  beforeEach(() => {
    links = new Links()
    visitors = new Visitors(
      {},
      (line) => told.push(line),
      () => new Copies({}, quietProcess()),
    )
  })
  afterEach(() => visitors.stop())
  afterAll(() => rm(folder, { recursive: true }))

  const ask = (path: string, init: RequestInit = {}) =>
    pageApp({ port, lab, links, visitors }, folder).request(path, { headers: own, ...init })
  const post = (path: string, body: unknown, headers: Record<string, string> = asJson) =>
    ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const without = (name: keyof typeof own) =>
    Object.fromEntries(Object.entries(asJson).filter(([each]) => each !== name)) as Record<string, string>
  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const enter = async () => cookieOf(await post('/api/session', { token: links.issue() }))

  describe('refuses', () => {
    it.each([
      ['another name for this machine', { host: `evil.example:${port}` }, 'forbidden_host'],
      ['another port', { host: '127.0.0.1:80' }, 'forbidden_host'],
      ['a page of another origin', { origin: 'http://127.0.0.1:5000' }, 'forbidden_origin'],
      ['an origin that is hidden', { origin: 'null' }, 'forbidden_origin'],
      ['what another page of this machine sends', { 'sec-fetch-site': 'same-site' }, 'forbidden_site'],
      ['what a link elsewhere sends', { 'sec-fetch-site': 'cross-site' }, 'forbidden_site'],
    ])('%s', async (_who, headers, code) => {
      const cookie = await enter()
      for (const answer of [
        await ask('/api/lab', { headers: { ...own, cookie, ...headers } }),
        await post('/api/links', {}, { ...asJson, cookie, ...headers }),
      ]) {
        expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code })])
      }
    })

    it.each([
      ['origin', 'forbidden_origin'],
      ['x-lab-page', 'missing_header'],
      ['host', 'forbidden_host'],
    ] as const)('a change without %s', async (name, code) => {
      const cookie = await enter()
      const answer = await post('/api/links', {}, { ...without(name), cookie })
      expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code })])
    })

    it('every route without a session', async () => {
      const paths = [
        'lab',
        'attacks',
        'audit',
        'audit/export?format=jsonl',
        'code/p06-scoped-token-opa',
        'jobs/1',
        'copies/p06-scoped-token-opa',
      ]
      for (const path of paths) expect((await ask(`/api/${path}`)).status).toBe(401)
      const pattern = 'p06-scoped-token-opa'
      for (const [path, body] of [
        ['runs', { pattern, user: 'alice', prompt: 'What are my expenses?' }],
        ['attacks', { pattern, ids: [] }],
        ['links', {}],
        [`copies/${pattern}`, {}],
        [`copies/${pattern}/save`, { version: 1, files: {} }],
        [`copies/${pattern}/run`, { version: 1 }],
        [`copies/${pattern}/stop`, {}],
        [`copies/${pattern}/folder`, { version: 1, name: 'mine' }],
      ] as const) {
        expect((await post(`/api/${path}`, body)).status).toBe(401)
      }
      const headers = { ...own, cookie: `lab_page_${port}=guessed` }
      expect((await ask('/api/lab', { headers })).status).toBe(401)
    })

    it('a link that was used, replaced or never issued', async () => {
      const token = links.issue()
      expect((await post('/api/session', { token })).status).toBe(200)
      const replaced = links.issue()
      for (let each = 0; each < 8; each++) links.issue()
      for (const wrong of [token, replaced, '', 'a'.repeat(32)]) {
        const answer = await post('/api/session', { token: wrong })
        expect([answer.status, cookieOf(answer)]).toEqual([401, ''])
      }
    })

    it('what is no pattern, attack, prompt or format, and a body that is long', async () => {
      const cookie = await enter()
      const headers = { ...asJson, cookie }
      const pattern = 'p06-scoped-token-opa'
      for (const [path, body] of [
        ['runs', { pattern: '../../etc', user: 'alice', prompt: 'x' }],
        ['runs', { pattern, user: 'alice', prompt: '   ' }],
        ['runs', { pattern, user: 'alice', prompt: 'x'.repeat(501) }],
        ['attacks', { pattern, ids: ['no-such-attack'] }],
      ] as const) {
        expect((await post(`/api/${path}`, body, headers)).status).toBe(400)
      }
      for (const path of ['code/..%2F..%2Fpackage.json', 'diff/p01/p02', 'audit/export?format=xml']) {
        expect((await ask(`/api/${path}`, { headers })).status).toBe(400)
      }
      for (const [field, atMost] of [
        ['trace', 64],
        ['user', 60],
        ['actor', 60],
        ['outcome', 10],
      ] as const) {
        const statusFor = async (length: number) =>
          (await ask(`/api/audit/export?format=jsonl&${field}=${'x'.repeat(length)}`, { headers })).status
        expect([field, await statusFor(atMost), await statusFor(atMost + 1)]).toEqual([field, 200, 400])
      }
      const long = { pattern, user: 'alice', prompt: 'x'.repeat(40_000) }
      expect((await post('/api/runs', long, headers)).status).toBe(413)
    })

    it('files outside of the front end', async () => {
      for (const path of [
        '/assets/..%2Findex.html',
        '/assets/../../package.json',
        '/assets/none.js',
        '/package.json',
      ]) {
        expect((await ask(path)).status).toBe(404)
      }
    })

    it('one session more than there may be', async () => {
      for (let each = 0; each < limits.visitors; each++) expect(await enter()).not.toBe('')
      const answer = await post('/api/session', { token: links.issue() })
      expect([answer.status, cookieOf(answer)]).toEqual([409, ''])
    })
  })

  it('gives a link a session, by a cookie that no script reads and no other site sends', async () => {
    const answer = await post('/api/session', { token: links.issue() })
    const set = answer.headers.get('set-cookie') ?? ''
    expect(set).toMatch(new RegExp(`^lab_page_${port}=[\\w-]{43};`))
    expect(set).toMatch(/; HttpOnly/)
    expect(set).toMatch(/; SameSite=Strict/)
    const lab = await ask('/api/lab', { headers: { ...own, cookie: cookieOf(answer) } })
    expect([lab.status, lab.headers.get('cache-control')]).toEqual([200, 'no-store'])
  })

  it.each(['/', '/api/lab', '/nothing'])(
    'forbids scripts from elsewhere, inline ones, eval and frames on %s',
    async (path) => {
      const { headers } = await ask(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    },
  )

  it('keeps the sessions apart, and ends those that nobody uses, in words', async () => {
    const [one, other] = [await enter(), await enter()]
    const secret = one.split('=')[1] ?? ''
    const visitor = visitors.find(secret)
    expect(visitor).not.toBe(visitors.find(other.split('=')[1] ?? ''))
    await visitors.endIdle(Date.now() + limits.idle - 1000)
    expect(visitors.find(secret)).toBe(visitor)
    await visitors.endIdle(Date.now() + limits.idle)
    const answer = await ask('/api/lab', { headers: { ...own, cookie: one } })
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { code: 'no_session', message: expect.stringContaining('ended after 30 minutes without use') },
    ])
    expect(told.at(-1)).toContain('a browser session ended')
  })

  describe('a copy', () => {
    const at = '/api/copies/p06-scoped-token-opa'
    const files = { 'mcp-auth.ts': '// mine', 'service-auth.ts': '' }

    async function made() {
      const headers = { ...asJson, cookie: await enter() }
      await post(at, {}, headers)
      const send = async (path: string, body: unknown) => {
        const answer = await post(`${at}/${path}`, body, headers)
        return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
      }
      const copy = async () =>
        ((await (await ask(at, { headers })).json()) as { copy: Record<string, unknown> }).copy
      return { headers, send, copy }
    }

    it('refuses a change that the page itself did not send', async () => {
      const { headers, copy } = await made()
      for (const path of ['', '/save', '/run', '/stop', '/folder']) {
        for (const [name, value] of [
          ['origin', 'http://127.0.0.1:5000'],
          ['sec-fetch-site', 'same-site'],
          ['host', 'evil.example'],
        ] as const) {
          expect((await post(at + path, { version: 1, files }, { ...headers, [name]: value })).status).toBe(
            403,
          )
        }
        const { 'x-lab-page': _header, ...plain } = headers
        expect((await post(at + path, { version: 1, files }, plain)).status).toBe(403)
      }
      expect(await copy()).toMatchObject({ version: 1, isRunning: false })
    })

    it('refuses a pattern that there is not, and one that nobody copied', async () => {
      const { headers } = await made()
      for (const [path, status] of [
        ['/api/copies/..%2Fx', 400],
        ['/api/copies/p07/save', 400],
        ['/api/copies/p05-token-forwarding/save', 409],
      ] as const) {
        expect((await post(path, { version: 1, files }, headers)).status).toBe(status)
      }
    })

    it('refuses a file that is too long, in a line, and takes one that is just not', async () => {
      const { send, copy } = await made()
      // Signs of two bytes each: it is bytes that count.
      const long = { ...files, 'mcp-auth.ts': 'é'.repeat(100_001) }
      expect(await send('save', { version: 1, files: long })).toEqual({
        status: 400,
        code: 'bad_request',
        message: 'files.mcp-auth.ts: a file may have 200 kB',
      })
      const huge = { ...files, 'mcp-auth.ts': 'x'.repeat(900_000) }
      expect(await send('save', { version: 1, files: huge })).toMatchObject({
        status: 413,
        message: 'a file of a copy may have 200 kB',
      })
      expect(await copy()).toMatchObject({ version: 1 })
      // More than any other request may have.
      const whole = { 'mcp-auth.ts': 'é'.repeat(100_000), 'service-auth.ts': 'x'.repeat(200_000) }
      expect(await send('save', { version: 1, files: whole })).toEqual({ status: 200, version: 2 })
    })

    it('refuses an older version, whatever is asked of it, and nothing is lost', async () => {
      const { send, copy } = await made()
      expect(await send('save', { version: 1, files })).toEqual({ status: 200, version: 2 })
      for (const [path, body] of [
        ['save', { version: 1, files: { ...files, 'service-auth.ts': 'theirs' } }],
        ['run', { version: 1 }],
        ['folder', { version: 1, name: 'mine' }],
      ] as const) {
        expect(await send(path, body)).toEqual({
          status: 409,
          code: 'older_version',
          message: expect.stringContaining('another page has saved version 2 of this copy'),
        })
      }
      expect(await copy()).toMatchObject({ version: 2, files })
    })

    it('is of one session alone', async () => {
      const [one, other] = [await made(), await made()]
      await one.send('save', { version: 1, files })
      expect((await other.copy()).version).toBe(1)
    })

    it('runs once at a time, and can be stopped', async () => {
      const { send, copy } = await made()
      expect(await send('run', { version: 1 })).toMatchObject({ status: 200 })
      expect(await send('run', { version: 1 })).toMatchObject({
        status: 409,
        message: 'the copy of p06 runs already: wait for it, or stop it',
      })
      expect(await copy()).toMatchObject({ isRunning: true })
      expect(await send('stop', {})).toMatchObject({ status: 200 })
      expect(await copy()).toMatchObject({ isRunning: false })
    })

    it('is not kept under a name that `new` refuses', async () => {
      const { send } = await made()
      for (const [name, why] of [
        ['p06', 'means a pattern of the ladder'],
        [folder, 'it exists already'],
        ['what?', 'Node cannot load code'],
      ] as const) {
        expect(await send('folder', { version: 1, name })).toMatchObject({
          status: 409,
          message: expect.stringContaining(why),
        })
      }
      expect(await send('folder', { version: 1, name: 'x'.repeat(201) })).toMatchObject({ status: 400 })
    })
  })

  it('ends a session that asks for it', async () => {
    const headers = { ...own, cookie: await enter() }
    expect((await ask('/api/session/end', { method: 'POST', headers })).status).toBe(200)
    expect((await ask('/api/lab', { headers })).status).toBe(401)
  })
})

describe('a job', () => {
  it('tells a late listener all of it, and of a sequence the last state', async () => {
    const job = new Job()
    const early = collect(job)
    job.tell('sequence', 1)
    await Promise.resolve()
    job.tell('sequence', 2)
    job.tell('done', 3)
    job.tell('sequence', 4)
    expect((await collect(job)).map(({ data }) => data)).toEqual([2, 3])
    expect((await early).at(-1)).toEqual({ name: 'done', data: 3 })
  })

  it('lets a listener leave', async () => {
    const left = new AbortController()
    const listening = collect(new Job(), left.signal)
    left.abort()
    expect(await listening).toEqual([])
  })
})

async function collect(job: Job, signal = new AbortController().signal) {
  const events = []
  for await (const event of job.events(signal)) events.push(event)
  return events
}
