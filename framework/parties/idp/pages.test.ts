import { expect, it } from 'vitest'
import { alert, page } from './pages.ts'

const hostile = `<b title="x" id='y'>&`
const harmless = '&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;'

it('escapes title and message', async () => {
  const shown = await page(hostile, alert(hostile))
  expect(shown).not.toContain(hostile)
  expect(shown).toContain(`<title>${harmless}</title>`)
  expect(shown).toContain(`<p role="alert">${harmless}</p>`)
})

it('is a string, which Koa sends as it is', async () => {
  expect(typeof (await page('Sign in', alert('no')))).toBe('string')
})
