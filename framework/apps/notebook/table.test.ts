import { describe, expect, it } from 'vitest'
import { codeView, diffView } from './code-view.ts'
import { table } from './table.ts'

describe('table', () => {
  const shown = table({
    title: 'Who',
    head: ['user', 'reason'],
    rows: [
      ['alice', { text: 'it is <her> own', tone: 'bad' }],
      ['bob', { text: 'a & b', code: true }],
    ],
    notes: ['two users'],
  })

  it('is text in columns', () => {
    expect(shown['text/plain']).toBe(
      ['Who', 'user   reason', 'alice  it is <her> own', 'bob    a & b', 'two users'].join('\n'),
    )
  })

  it('escapes what it shows as HTML', () => {
    expect(shown['text/html']).toContain('it is &lt;her&gt; own</td>')
    expect(shown['text/html']).toContain('<code>a &amp; b</code>')
    expect(shown['text/html']).not.toContain('<her>')
  })
})

describe('code', () => {
  it('escapes the source and sets comments back', () => {
    const { 'text/html': html } = codeView('/** why */\nconst a = b<c>')
    expect(html).toBe('<pre><span style="opacity:.65">/** why */</span>\nconst a = b&lt;c&gt;</pre>')
  })

  it('leaves plus and minus to a diff whose colours are taken away', () => {
    const { 'text/html': html = '' } = diffView('--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same')
    expect(html.replace(/<\/?(span|pre)[^>]*>/g, '')).toBe('--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same')
    expect(html.match(/background/g)).toHaveLength(2)
  })
})
