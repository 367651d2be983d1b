import { type Browser, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { keycloakSettings } from '../../parties/keycloak/settings.ts'
import { discover } from '../../parties/oauth-client/discovery.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { type ApiDocs, startApiDocs } from './start-api-docs.ts'
import { findChromium } from './testing/chromium.ts'
import { DocsPage } from './testing/docs-page.ts'

const keycloak = keycloakSettings(process.env)
const executablePath = findChromium()

describe.skipIf(!executablePath)('the documentation page, in a browser, with Keycloak', () => {
  let browser: Browser
  let runner: PatternRunner
  let served: ApiDocs
  let docs: DocsPage

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '' })
  })
  afterEach(async () => {
    await docs.close()
    await served.close()
    await runner.stop()
  })
  afterAll(() => browser?.close())

  async function open(which: string, service?: string): Promise<void> {
    runner = await new PatternRunner(which, { openToDocs: true, keycloak }).start()
    served = await startApiDocs(runner)
    docs = await DocsPage.open(browser, served.url, service)
  }

  it('tells a refusal as a sentence, and shows what is allowed (p06)', async () => {
    await open('p06')
    await docs.signIn('dave')
    expect(await docs.refusal(await docs.tryOut('approve_expense', { id: '103' }))).toMatch(
      /^dave may not do “Approve a pending expense”: no role of dave covers expenses:approve\./,
    )
    expect(await docs.signOut()).toBe('Nobody is signed in.')
    expect(await docs.signIn('alice')).toMatch(/^alice is signed in, role admin\. .* addressed to expenses,/)
    const { block, claims } = await docs.tryOut('list_expenses', { owner: 'alice' })
    await block.getByText('Ticket for a conference').first().waitFor()
    expect(claims).toMatchObject({ aud: 'expenses', azp: 'api-docs' })
    expect(docs.complaints).toEqual([])
  })

  it.each(['documents', 'directory'])('addresses the token to %s alone (p06)', async (service) => {
    await open('p06', service)
    await docs.signIn('alice')
    const { claims } =
      service === 'documents'
        ? await docs.tryOut('search_documents', { query: 'runbook' })
        : await docs.tryOut('set_user_role', { user: 'dave' })
    expect(claims).toMatchObject({ aud: service, azp: 'api-docs' })
    expect(runner.audit.at(-1)).toMatchObject({ service, user: 'alice', client: 'api-docs' })
  })

  it('binds the token to the page’s key, and says what is missing then (p08)', async () => {
    await open('p08')
    expect(await docs.signIn('alice')).toMatch(/with proofs of a key/)
    const tried = await docs.tryOut('list_expenses', { owner: 'alice' })
    expect(await docs.refusal(tried)).toMatch(/^alice may not do .*: no agent is named as acting/)
    expect(runner.audit.at(-1)).toMatchObject({ method: 'bound_jwt', decidedBy: 'opa', status: 403 })
  })
})

describe('Keycloak’s token endpoint', () => {
  const realm = readRealm()
  const { webOrigins } = clientOf(realm, 'api-docs')
  const page = webOrigins[0] ?? ''

  it.each([
    ['api-docs', 'https://evil.example', null],
    ['api-docs', page.replace(/\d+$/, '3601'), null],
    ['agent-app', page, null],
    ['api-docs', page, page],
  ])('lets an answer to %s be read by a page of %s: %s', async (client_id, origin, readableBy) => {
    const runner = await new PatternRunner('p06', { keycloak }).start()
    const { token_endpoint = '' } = await discover(runner.stack.idp.issuer, { fetch, traceparent: '' })
    await runner.stop()
    const { headers } = await fetch(token_endpoint, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id }),
    })
    expect(headers.get('access-control-allow-origin')).toBe(readableBy)
  })
})
