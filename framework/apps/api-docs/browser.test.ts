import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '@lab/services'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { docsClientOf } from '../../scenario/realm/docs-client.ts'
import { defaultRealmFile, readRealm } from '../../scenario/realm/index.ts'
import { startApiDocs } from './start-api-docs.ts'
import { findChromium } from './testing/chromium.ts'
import { DocsPage, type Tried } from './testing/docs-page.ts'

const executablePath = findChromium()

describe.skipIf(!executablePath)('the documentation page, in a browser', { timeout: 180_000 }, () => {
  let browser: Browser
  let folder: string
  let realmFile: string
  const closers: (() => Promise<void>)[] = []

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '' })
    folder = await mkdtemp(join(tmpdir(), 'api-docs-'))
    realmFile = await realmWithFreePort(folder)
  })
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function serve(which: string): Promise<PatternRunner> {
    const runner = new PatternRunner(which, { openToDocs: true, realmFile })
    closers.push(() => runner.stop())
    await runner.start()
    const docs = await startApiDocs(runner)
    closers.push(docs.close)
    return runner
  }

  async function open(
    runner: PatternRunner,
    service?: string,
    prepare?: (context: BrowserContext) => Promise<void>,
  ): Promise<DocsPage> {
    const docs = await DocsPage.open(browser, docsClientOf(runner.realm).origin, service, prepare)
    closers.push(() => docs.close())
    return docs
  }

  it('tells a refusal as a sentence: who, what, why and what would help (p06)', async () => {
    const runner = await serve('p06')
    const docs = await open(runner)

    const anonymous = await docs.tryOut('list_expenses')
    expect(anonymous.headers).not.toHaveProperty('authorization')
    expect(await docs.refusal(anonymous)).toBe(
      "“List a user's expenses; without an owner, the caller's” was refused: no Bearer token in the Authorization header. Sign in, or give a key, at the top of this page.",
    )

    expect(await docs.signIn('dave')).toMatch(
      /^dave is signed in, role read-only\. .* addressed to expenses,/,
    )
    const before = runner.snapshot()
    expect(await docs.refusal(await docs.tryOut('approve_expense', { id: '103' }))).toMatch(
      /^dave may not do “Approve a pending expense”: no role of dave covers expenses:approve\. The credential holds, so signing in again does not help/,
    )
    expect(runner.snapshot()).toEqual(before)

    expect(await docs.signOut()).toBe('Nobody is signed in.')
    await docs.signIn('bob', { without: 'expenses:approve' })
    expect(await docs.refusal(await docs.tryOut('approve_expense', { id: '103' }))).toBe(
      'bob may not do “Approve a pending expense”: scope expenses:approve was not granted. Sign in again with this scope.',
    )
    expect(await docs.refusal(await docs.tryOut('approve_expense', { id: '999' }))).toBe(
      'bob may not do “Approve a pending expense”: scope expenses:approve was not granted. Sign in again with this scope.',
    )
  })

  it('says that nothing was decided while the IdP is away (p06)', async () => {
    const runner = await serve('p06')
    const docs = await open(runner)
    await docs.signIn('alice')
    // The service has not asked for the keys yet.
    await runner.stack.idp.close()
    expect(await docs.refusal(await docs.tryOut('list_expenses'))).toMatch(
      /could not be decided, so it was not done: the IdP's keys are unavailable.*\. Nothing was let through/,
    )
  })

  it('signs a person in for one service, shows what it answers, and renews the token (p06)', async () => {
    const runner = await serve('p06')
    const docs = await open(runner)
    await docs.signIn('alice')
    const { block, token, claims } = await docs.tryOut('list_expenses', { owner: 'alice' })
    await block.getByText('Ticket for a conference').first().waitFor()
    expect(claims).toMatchObject({ aud: 'expenses', azp: 'api-docs' })
    expect(runner.audit.at(-1)).toMatchObject({
      service: 'expenses',
      user: 'alice',
      client: 'api-docs',
      decision: 'allow',
    })

    // What is in the token, without what makes it one.
    const shown = docs.page.getByRole('region', { name: 'The token that each call carries' })
    expect(await shown.textContent()).toMatch(
      /alges256.*audexpensesfor which service.*about whom: alice.*Not shown/i,
    )
    expect(await shown.textContent()).not.toContain(token.slice(-20))

    const { documents } = runner.stack.serviceUrls
    const elsewhere = await fetch(`${documents}/documents?query=runbook`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect([elsewhere.status, await elsewhere.text()]).toEqual([401, expect.stringContaining('aud')])

    // The token is in the page's memory and nowhere else; nothing is loaded from, or told to, anybody else.
    expect(await docs.page.content()).not.toContain(token.slice(-20))
    expect((await docs.page.context().storageState()).origins).toEqual([])
    const { serviceUrls, idp } = runner.stack
    const docsUrl = docsClientOf(runner.realm).origin
    await afterEachRenewal(docs, ({ block }) => block.getByText('Ticket for a conference').first().waitFor())
    expect([...docs.origins].sort()).toEqual([docsUrl, serviceUrls.expenses, idp.issuer].sort())
    expect(docs.complaints).toEqual([])
  })

  it('takes no answer to a sign-in that it did not begin', async () => {
    const docs = await open(await serve('p06'))
    await docs.page.context().route(/\/auth\?/, (route) => {
      const url = new URL(route.request().url())
      url.searchParams.set('state', 'of another sign-in')
      return route.continue({ url: url.href })
    })
    expect(await docs.signIn('alice')).toMatch(/^Nobody is signed in\. .*state/)
    expect((await docs.tryOut('list_expenses')).headers).not.toHaveProperty('authorization')
  })

  it('takes no answer of another issuer (RFC 9207)', async () => {
    const docs = await open(await serve('p06'), 'expenses', async (context) => {
      await context.route('**/page.json', async (route) => {
        const data = await (await route.fetch()).json()
        await route.fulfill({ json: { ...data, client: { ...data.client, issuer: 'http://127.0.0.1:1' } } })
      })
    })
    expect(await docs.signIn('alice')).toMatch(/^Nobody is signed in\. .*iss/)
  })

  it('has the sign-in of one service open the others too, where no audience is checked (p05)', async () => {
    const runner = await serve('p05')
    const docs = await open(runner, 'documents')
    await docs.signIn('alice')
    const { token, claims, block } = await docs.tryOut('search_documents', { query: 'runbook' })
    await block.getByText('incident', { exact: false }).first().waitFor()
    expect(claims.aud).toBe('documents')
    const elsewhere = await fetch(`${runner.stack.serviceUrls.expenses}/expenses`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(elsewhere.status).toBe(200)
  })

  it.each([
    ['p07', 'delegated_jwt'],
    ['p08', 'bound_jwt'],
  ])('says of a person without an agent that the agent is missing (%s)', async (which, method) => {
    const runner = await serve(which)
    const docs = await open(runner)
    expect(await docs.signIn('alice')).toMatch(
      which === 'p08' ? /with proofs of a key/ : /alice is signed in/,
    )
    const tried = await docs.tryOut('list_expenses', { owner: 'alice' })
    expect(await docs.refusal(tried)).toMatch(
      /^alice may not do .*: no agent is named as acting for the user\. .* an agent that acts for the person\.$/,
    )
    // In p08 too it is the decision that refuses, and not the proof, which the page made for a query as well.
    expect(runner.audit.at(-1)).toMatchObject({ method, user: 'alice', decidedBy: 'opa', status: 403 })
    if (which === 'p08') {
      await afterEachRenewal(docs, async (renewed) =>
        expect(await docs.refusal(renewed)).toMatch(/no agent is named/),
      )
    }
    expect(docs.complaints).toEqual([])
  })

  it('sends the key that a person has (p04)', async () => {
    const docs = await open(await serve('p04'))
    await docs.page.getByLabel('API key').fill('demo-key-of-dave')
    expect(await docs.refusal(await docs.tryOut('approve_expense', { id: '103' }))).toMatch(
      /^The holder of this key may not do “Approve a pending expense”: no role of dave/,
    )
    await docs.page.getByLabel('API key').fill('guessed')
    expect(await docs.refusal(await docs.tryOut('approve_expense', { id: '103' }))).toMatch(
      /was refused: the API key is not known here\. Give another key/,
    )
  })

  it('asks for nothing where nobody is asked, resets the data, and says that no answer came (p01)', async () => {
    const runner = await serve('p01')
    const docs = await open(runner)
    await docs.page.getByText('The service asks for no credential.').waitFor()
    const { block } = await docs.tryOut('approve_expense', { id: '103' })
    await block.getByText('approved').first().waitFor()
    expect(statusOf103(runner)).toBe('approved')
    await docs.page.getByRole('button', { name: 'Reset the data' }).click()
    await docs.page.getByText('The data is as it was at the start.').waitFor()
    expect(statusOf103(runner)).toBe('pending')
    await runner.stop()
    expect(await docs.refusal(await docs.tryOut('list_expenses'))).toMatch(/ got no answer: /)
  })

  it('is the only page that a browser lets call the services', async () => {
    const runner = await serve('p01')
    const other = await listen()
    closers.push(() => other.close())
    other.serve(() => new Response('<title>other</title>', { headers: { 'content-type': 'text/html' } }))
    const page = await browser.newPage()
    closers.push(() => page.close())
    const read = (from: string) =>
      page.goto(from).then(() =>
        page.evaluate(
          (url) =>
            fetch(url).then(
              ({ status }) => status,
              () => 'not readable',
            ),
          `${runner.stack.serviceUrls.expenses}/expenses`,
        ),
      )
    expect(await read(other.url)).toBe('not readable')
    expect(await read(`${docsClientOf(runner.realm).origin}/callback`)).toBe(200)
  })
})

/** Tries a call twice, each time when the token has all but ended. */
async function afterEachRenewal(docs: DocsPage, check: (tried: Tried) => Promise<void>): Promise<void> {
  try {
    for (let time = 0; time < 2; time++) {
      // Both clocks, because proofs are made by the page's.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 400_000, shouldAdvanceTime: true })
      await docs.page.clock.setSystemTime(Date.now())
      await check(await docs.tryOut('list_expenses', { owner: 'alice' }))
    }
  } finally {
    vi.useRealTimers()
  }
}

function statusOf103(runner: PatternRunner): string | undefined {
  return runner.snapshot().expenses.find(({ id }) => id === 103)?.status
}

/** The realm, with the page's port changed to one that is free: the fixed one may be in use. */
async function realmWithFreePort(folder: string): Promise<string> {
  const { origin } = docsClientOf(readRealm())
  const listener = await listen()
  await listener.close()
  const file = join(folder, 'realm.json')
  await writeFile(file, (await readFile(defaultRealmFile, 'utf8')).replaceAll(origin, listener.url))
  return file
}
