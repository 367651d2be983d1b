import { formsIn, hiddenFields } from '../../sign-in/login-form.ts'

/** For tests: what is sent to an endpoint or a page. */
export type Fields = Readonly<Record<string, string | undefined>>

/** For tests: a request of a client to the IdP. */
export async function at(
  url: string,
  fields: Fields,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: formOf(fields),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** For tests: the approval page, as a browser gets it. */
export async function pageAt(url: string, fields?: Fields): Promise<{ status: number; html: string }> {
  const response = await fetch(url, fields && { method: 'POST', body: formOf(fields) })
  return { status: response.status, html: await response.text() }
}

/** For tests: a person who signs in at the approval page and answers. */
export async function answerAt(url: string, user: string, answer: string) {
  const shown = await pageAt(url, { username: user, password: user })
  const [form] = formsIn(shown.html, new URL(url))
  const ticket = form && hiddenFields(form).get('ticket')
  return ticket ? pageAt(url, { ticket, answer }) : shown
}

function formOf(fields: Fields): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value)
  return form
}
