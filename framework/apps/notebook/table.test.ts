import { describe, expect, it } from 'vitest'
import { codeView } from './code-view.ts'
import { escapeMarkup, folded } from './rich.ts'
import { specLink } from './spec-links.ts'
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

  it('lets a path in code go on in the next line, and no other text', () => {
    const path = 'GET documents/documents?query=a'
    const { 'text/html': html, 'text/plain': text } = table({
      head: ['code', 'text'],
      rows: [[{ text: path, code: true }, 'https://a/b']],
    })
    expect(html).toContain('<code>GET documents/<wbr>documents?query=a</code>')
    expect(html).toContain('>https://a/b</td>')
    expect(text).toContain(path)
  })
})

describe('cells', () => {
  it('show code between backticks as code, and links as links', () => {
    const { 'text/html': html } = table({
      head: ['what', 'where'],
      rows: [['adds `act` <now>', { text: 'RFC 8693 section 4.1', href: specLink('RFC 8693 section 4.1') }]],
    })
    expect(html).toContain('adds <code>act</code> &lt;now&gt;</td>')
    expect(html).toContain(
      '<a href="https://www.rfc-editor.org/rfc/rfc8693#section-4.1">RFC 8693 section 4.1</a>',
    )
  })
})

describe('code', () => {
  it('is escaped, and stands where every front end sets it in a monospaced font', () => {
    const { 'text/html': html, 'text/plain': text } = codeView("const a = b<c> // it's so\n", 'ts')
    expect(html).toMatch(/^<pre><code>.*<\/code><\/pre>$/)
    expect(bare(html)).toBe('const a = b&lt;c&gt; // it&#39;s so')
    expect(text).toBe("const a = b<c> // it's so")
  })

  it.each([
    ['ts', "const a = 'x'", 2],
    ['json', '{"allow": true, "rule": "own"}', 4],
    ['rego', 'own(x) := {"a": 1} if x.owner == "bob" # so', 4],
    ['http', '  &audience=‹token 1›', 2],
    ['diff', '+new', 1],
  ] as const)('has colours in %s, and loses nothing by them: %s', (language, source, colours) => {
    const { 'text/html': html = '' } = codeView(source, language)
    expect(html.match(/<span style=/g)).toHaveLength(colours)
    expect(bare(html)).toBe(escapeMarkup(source))
  })

  it('leaves plus and minus to a diff whose colours are taken away', () => {
    const { 'text/html': html = '' } = codeView('--- a\n+++ b\n-old\n+new\n same', 'diff')
    expect(bare(html)).toBe('--- a\n+++ b\n-old\n+new\n same')
    expect(html.match(/background/g)).toHaveLength(2)
  })
})

function bare(html = ''): string {
  return html.replace(/<\/?(span|pre|code)[^>]*>/g, '')
}

describe('what is folded', () => {
  it('stands behind a line', () => {
    const shown = folded('More', table({ head: ['a'], rows: [] }), codeView('const a = 1', 'ts'))
    expect(shown['text/html']).toMatch(
      /^<details><summary>More<\/summary>\n<table>[\s\S]*<pre><code>[\s\S]*<\/details>$/,
    )
    expect(shown['text/plain']).toBe('More:\na\nconst a = 1')
  })
})
