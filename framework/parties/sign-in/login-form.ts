import { type HTMLElement, parse } from 'node-html-parser'

/** A form as a page shows it: where it is sent to, and what it has to fill in or to press. */
export interface Form {
  readonly action: URL
  readonly inputs: readonly Control[]
  readonly buttons: readonly Control[]
}
interface Control {
  readonly name: string | undefined
  readonly type: string
  readonly value: string
}

/** A form that has been filled in. */
export interface FilledForm {
  readonly action: URL
  readonly fields: URLSearchParams
}

/**
 * The forms of a page, whichever IdP drew it.
 * @param url the page's own address, which a relative action is resolved against
 */
export function formsIn(html: string, url: URL): Form[] {
  return parse(html)
    .querySelectorAll('form')
    .map((form) => ({
      action: new URL(form.getAttribute('action') ?? '', url),
      inputs: form.querySelectorAll('input').map(controlOf),
      buttons: form.querySelectorAll('button').map(controlOf),
    }))
}

function controlOf(element: HTMLElement): Control {
  return {
    name: element.getAttribute('name'),
    type: (element.getAttribute('type') ?? 'text').toLowerCase(),
    value: element.getAttribute('value') ?? '',
  }
}

/** The hidden fields of a form. */
export function hiddenFields({ inputs }: Form): URLSearchParams {
  const fields = new URLSearchParams()
  for (const { name, type, value } of inputs) if (name && type === 'hidden') fields.set(name, value)
  return fields
}

/**
 * Finds the form that has a password field, and fills it in.
 * @returns undefined where the page has no such form
 */
export function fillLoginForm(
  html: string,
  url: URL,
  credentials: { readonly username: string; readonly password: string },
): FilledForm | undefined {
  const form = formsIn(html, url).find(({ inputs }) => inputs.some(({ type }) => type === 'password'))
  if (!form) return undefined
  const fields = hiddenFields(form)
  for (const { name, type } of form.inputs) {
    if (!name) continue
    if (type === 'password') fields.set(name, credentials.password)
    else if (type === 'text' || type === 'email') fields.set(name, credentials.username)
  }
  return { action: form.action, fields }
}

/** The error on the page: the text of the first element that is marked as an alert. */
export function alertOf(html: string): string | undefined {
  const marked = parse(html).querySelector('[role="alert"], [aria-live="polite"], .instruction')
  return marked?.textContent.replace(/\s+/g, ' ').trim() || undefined
}
