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
  const controls = (form: string, tags: RegExp) =>
    [...form.matchAll(tags)].map(([tag]) => ({
      name: attribute(tag, 'name'),
      type: attribute(tag, 'type') ?? 'text',
      value: attribute(tag, 'value') ?? '',
    }))
  return [...html.matchAll(/<form\b[\s\S]*?<\/form>/gi)].map(([form]) => ({
    action: new URL(attribute(form, 'action') ?? '', url),
    inputs: controls(form, /<input\b[^>]*>/gi),
    buttons: controls(form, /<button\b[^>]*>/gi),
  }))
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
  const marked = /<(\w+)\b[^>]*(?:role="alert"|aria-live="polite"|class="instruction")[^>]*>([\s\S]*?)<\/\1>/i
  const text = marked
    .exec(html)?.[2]
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return text ? unescapeHtml(text) : undefined
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`^<[^>]*\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag)
  const raw = value?.[1] ?? value?.[2] ?? value?.[3]
  return raw === undefined ? undefined : unescapeHtml(raw)
}

function unescapeHtml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(?:#(\d+)|(\w+));/g, (entity, code?: string, name?: string) =>
    code ? String.fromCodePoint(Number(code)) : (named[name ?? ''] ?? entity),
  )
}
