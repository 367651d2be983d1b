import { expect, it } from 'vitest'
import { alert, html, page } from './pages.ts'

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
