import { createHash } from 'node:crypto'
import { visible } from '@lab/contract'
import { html as escapedHtml, raw } from 'hono/html'
import { look } from './look.ts'

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
<style>${raw(look)}</style>
</head>
<body>
<main class="card alone">
<h1>${title}</h1>
${body}
</main>
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

const lookHash = createHash('sha256').update(look).digest('base64')

/** Nothing on these pages may be framed, stored, load anything, or be styled by anything but the stylesheet. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${lookHash}'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
}
