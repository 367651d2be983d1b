import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { colours } from './look.ts'
import { alert, html, page, pageHeaders } from './pages.ts'

const hostile = `<b title="x" id='y'>&`
const harmless = '&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;'

it('escapes title and message', async () => {
  const shown = await page(hostile, alert(hostile))
  expect(shown).not.toContain(hostile)
  expect(shown).toContain(`<title>${harmless}</title>`)
  expect(shown).toContain(`<p role="alert">${harmless}</p>`)
})

it('spells out what a reader would not see, in every value and in none of the markup', async () => {
  const hidden = 'ann\u202ea\u200b\u0007'
  const shown = 'ann\\u202ea\\u200b\\u0007'
  const markup = await page(
    hidden,
    html`<ul>${[hidden].map((each) => html`<li>${each}</li>`)}</ul>${alert(hidden)}`,
  )
  expect(markup).not.toContain(hidden)
  for (const tag of ['title', 'h1', 'li', 'p']) expect(markup).toMatch(new RegExp(`<${tag}[^>]*>ann`))
  expect(markup.split(shown)).toHaveLength(5)
})

it('is a string, which Koa sends as it is', async () => {
  expect(typeof (await page('Sign in', alert('no')))).toBe('string')
})

it('has a policy that lets nothing style it but its stylesheet', async () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(await page('Sign in', alert('no')))?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = pageHeaders['content-security-policy']
  expect(policy).toContain(`style-src 'sha256-${hash}'`)
  expect(policy).not.toContain('unsafe-inline')
})

describe.each(['light', 'dark'] as const)('the %s colours', (theme) => {
  const texts = ['text', 'soft', 'accent', 'good', 'bad'] as const
  const pairs = texts.flatMap((text) =>
    (['ground', 'card', 'code'] as const).map((on): [string, string] => [text, on]),
  )
  it.each([...pairs, ['on-accent', 'accent']])(
    '%s on %s has a contrast of 4.5 (WCAG 2.2, 1.4.3)',
    (text, on) => {
      const of = (name: string) => luminance(colours[theme][name as keyof (typeof colours)['light']])
      const [darker = 0, lighter = 0] = [of(text), of(on)].sort((one, other) => one - other)
      expect((lighter + 0.05) / (darker + 0.05)).toBeGreaterThanOrEqual(4.5)
    },
  )
})

/** Relative luminance of a colour such as `#0b5cad` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
