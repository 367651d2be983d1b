/** A login form as a page shows it: where it is sent to, and what it carries. */
export interface LoginForm {
  readonly action: URL
  readonly fields: URLSearchParams
}

/**
 * Finds the form that has a password field, whichever IdP drew it, and fills it in.
 * @param url the page's own address, which a relative action is resolved against
 * @returns undefined where the page has no such form
 */
export function fillLoginForm(
  html: string,
  url: URL,
  credentials: { readonly username: string; readonly password: string },
): LoginForm | undefined {
  for (const [form] of html.matchAll(/<form\b[\s\S]*?<\/form>/gi)) {
    const inputs = [...form.matchAll(/<input\b[^>]*>/gi)].map(([tag]) => ({
      name: attribute(tag, 'name'),
      type: attribute(tag, 'type') ?? 'text',
      value: attribute(tag, 'value') ?? '',
    }))
    if (!inputs.some(({ type }) => type === 'password')) continue

    const fields = new URLSearchParams()
    for (const { name, type, value } of inputs) {
      if (!name) continue
      if (type === 'password') fields.set(name, credentials.password)
      else if (type === 'text' || type === 'email') fields.set(name, credentials.username)
      else if (type === 'hidden') fields.set(name, value)
    }
    return { action: new URL(attribute(form, 'action') ?? '', url), fields }
  }
  return undefined
}

/** What the page says went wrong: the text of the first element that is marked as an alert. */
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
