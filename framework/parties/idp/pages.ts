import { visible } from '@lab/contract'
import { html as escapedHtml } from 'hono/html'

/** Markup that the template tag {@link html} made: every value in it is escaped already. */
export type Markup = ReturnType<typeof escapedHtml>

/** HTML in which every value is text: markup is escaped, and characters that a reader would not see are spelled out. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return escapedHtml(parts, ...values.map((value) => (typeof value === 'string' ? visible(value) : value)))
}

/** An HTML page without scripts or outside resources. */
export async function page(title: string, body: Markup): Promise<string> {
  const markup = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { margin: .25rem 0 1rem; padding: .5rem; }
[role="alert"] { color: #b00020; }
</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`
  // A string object until here, which Koa would send as JSON.
  return String(markup)
}

/** A message that stands out, also to a screen reader. */
export function alert(text: string): Markup {
  return html`<p role="alert">${text}</p>`
}

/** Nothing on these pages may be framed, stored, or load anything. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}
