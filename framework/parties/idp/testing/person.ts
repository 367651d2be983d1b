import { readRealm } from '../../../scenario/realm/index.ts'
import { userOf } from '../../../scenario/realm/lookup.ts'
import { authenticatorOf } from '../../sign-in/authenticator.ts'
import { Browser, type Landing } from '../../sign-in/browser.ts'
import { type FilledForm, fillLoginForm, formsIn, hiddenFields } from '../../sign-in/login-form.ts'
import { traceparent } from './client.ts'

const realm = readRealm()

/** A button that says yes, and one that says no: the embedded IdP's, and Keycloak's. */
const answers = {
  allow: [
    ['answer', 'allow'],
    ['accept', ''],
  ],
  refuse: [
    ['answer', 'refuse'],
    ['cancel', ''],
  ],
} as const

/** For tests: a person at a browser, who signs in where a page asks for it and answers where one asks for consent. */
export function person(options: {
  readonly username: string
  readonly answer: 'allow' | 'refuse'
  readonly redirectUri: string
  /** Sees each consent page before it is answered. */
  readonly onQuestion?: (html: string) => void
  /** Gives what the person types where a one-time code is asked for. Default: what the authenticator shows. */
  readonly oneTimeCode?: () => Promise<string>
  /** The person's cookies, by which an IdP knows them again. Default: none. */
  readonly browser?: Browser
}): (authorizationUrl: URL) => Promise<URL> {
  const { username, answer, redirectUri, oneTimeCode = () => freshCode(username) } = options
  return async (authorizationUrl) => {
    const { origin } = authorizationUrl
    const browser = options.browser ?? new Browser({ origin, redirectUri, fetch, traceparent })
    let landing: Landing = await browser.visit(authorizationUrl)
    // A login page, one that asks for a one-time code, once more where that was used already, and a consent page.
    for (let pages = 0; pages < 4 && 'page' in landing; pages++) {
      const { page }: { page: Response } = landing
      const html = await page.text()
      const here = new URL(page.url)
      const signIn =
        fillLoginForm(html, here, { username, password: username }) ??
        (await codeForm(html, here, oneTimeCode))
      const form = signIn ?? consentForm(html, here, answer)
      if (!form) throw new Error(`a page that nobody expected: ${html}`)
      if (!signIn) options.onQuestion?.(html)
      landing = await browser.visit(form.action, form.fields)
    }
    if ('callback' in landing) return landing.callback
    throw new Error(`the sign-in ended on a page: ${await landing.page.text()}`)
  }
}

async function codeForm(
  html: string,
  url: URL,
  code: () => Promise<string>,
): Promise<FilledForm | undefined> {
  const form = formsIn(html, url).find(({ inputs }) => inputs.some(({ name }) => name === 'otp'))
  if (!form) return undefined
  const fields = hiddenFields(form)
  fields.set('otp', await code())
  return { action: form.action, fields }
}

function consentForm(html: string, url: URL, answer: keyof typeof answers): FilledForm | undefined {
  for (const form of formsIn(html, url)) {
    for (const [name, value] of answers[answer]) {
      const button = form.buttons.find((each) => each.name === name && each.value === value)
      if (!button) continue
      const fields = hiddenFields(form)
      fields.set(name, value)
      return { action: form.action, fields }
    }
  }
  return undefined
}

/** The last used code of each user, by the number of its 30 seconds: none is accepted a second time. */
const used = new Map<string, number>()

/** A code that this process has not used yet; Keycloak takes the next one already, and for a third one waits. */
async function freshCode(username: string): Promise<string> {
  const period = 30_000
  const now = Math.floor(Date.now() / period)
  const next = Math.max(now, (used.get(username) ?? 0) + 1)
  used.set(username, next)
  const early = (next - 1) * period - Date.now()
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
  return authenticatorOf(userOf(realm, username)).generate({ timestamp: next * period })
}
