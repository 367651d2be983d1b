import { decodeJwt, type JWTPayload } from 'jose'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'

/** The limit of a step on a busy machine, in ms. */
const timeout = 60_000

/** The documentation page of one service, as a person uses it. */
export class DocsPage {
  readonly page: Page
  /** The origin of each request that the browser made, and each complaint of its security policy. */
  readonly origins = new Set<string>()
  readonly complaints: string[] = []

  private constructor(context: BrowserContext, page: Page) {
    this.page = page
    context.on('request', (request) => this.origins.add(new URL(request.url()).origin))
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) this.complaints.push(message.text())
    })
  }

  /**
   * Opens the page in a browser session of its own.
   * @param prepare changes what the browser gets to see
   */
  static async open(
    browser: Browser,
    docsUrl: string,
    service = 'expenses',
    prepare?: (context: BrowserContext) => Promise<void>,
  ): Promise<DocsPage> {
    const context = await browser.newContext()
    context.setDefaultTimeout(timeout)
    await prepare?.(context)
    const page = await context.newPage()
    const docs = new DocsPage(context, page)
    await page.goto(`${docsUrl}/${service}`)
    await page.locator('.opblock').first().waitFor()
    return docs
  }

  /**
   * Signs a user in by the login page of whatever IdP there is.
   * @param without a scope that the person leaves out
   * @returns what the page says then
   */
  async signIn(username: string, options: { readonly without?: string } = {}): Promise<string> {
    const { page } = this
    for (const box of await page.getByRole('checkbox').all()) {
      await box.setChecked((await box.getAttribute('value')) !== options.without)
    }
    const opened = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Sign in' }).click()
    const popup = await opened
    await popup.locator('#username').fill(username)
    await popup.locator('#password').fill(username)
    await popup.locator('#password').press('Enter')
    return this.#status()
  }

  /** Ends the session at the IdP too, so that another person can sign in. */
  async signOut(): Promise<string> {
    await this.page.getByRole('button', { name: 'Sign out' }).click()
    return this.#status()
  }

  /** The page's message after the IdP's window has closed. */
  async #status(): Promise<string> {
    const status = this.page.getByRole('status')
    await status.filter({ hasNotText: /^Waiting/ }).waitFor()
    return (await status.textContent()) ?? ''
  }

  /**
   * Tries an operation.
   * @returns the part of the page that tells of it, and the credential that the service was sent
   */
  async tryOut(operation: string, fields: Readonly<Record<string, string>> = {}): Promise<Tried> {
    const block = this.page.locator(`.opblock[id$="-${operation}"]`)
    if ((await block.getByRole('button', { name: 'Execute' }).count()) === 0) {
      await block.locator('.opblock-summary-control').click()
    }
    for (const [name, value] of Object.entries(fields)) {
      await block.locator(`tr[data-param-name="${name}"] input`).fill(value)
    }
    const answer = block.locator('.live-responses-table')
    // The last one goes first, or it would be taken for the new one.
    if ((await answer.count()) > 0) await block.getByRole('button', { name: 'Clear' }).click()
    const [request] = await Promise.all([
      this.page.waitForRequest(
        (each) => each.method() !== 'OPTIONS' && /xhr|fetch/.test(each.resourceType()),
      ),
      block.getByRole('button', { name: 'Execute' }).click(),
    ])
    // A refusal folds it.
    await answer.waitFor({ state: 'attached' })
    const token = request.headers().authorization?.split(' ')[1] ?? ''
    return { block, headers: request.headers(), token, claims: token ? decodeJwt(token) : {} }
  }

  /** The sentence that a refusal is told by. */
  async refusal({ block }: Pick<Tried, 'block'>): Promise<string> {
    return (await block.getByRole('alert').textContent()) ?? ''
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }
}

export interface Tried {
  readonly block: Locator
  readonly headers: Readonly<Record<string, string>>
  readonly token: string
  readonly claims: JWTPayload
}
