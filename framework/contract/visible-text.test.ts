import { describe, expect, it } from 'vitest'
import { isVisible, visible } from './visible-text.ts'

describe('visible text', () => {
  it.each([
    ['a line break', 'a\nb', 'a\\nb'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['an escape sequence', '\u001b[2J', '\\u001b[2J'],
    ['a control sequence of eight bits', '\u009b2J', '\\u009b2J'],
    ['a deletion', 'a\u007fb', 'a\\u007fb'],
    ['NUL', 'a\u0000b', 'a\\u0000b'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a change of direction', 'a\u202eb', 'a\\u202eb'],
    ['an isolate', 'a\u2066b', 'a\\u2066b'],
    ['an Arabic mark', 'a\u061cb', 'a\\u061cb'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['a byte order mark', '\ufeffa', '\\ufeffa'],
    ['half of a pair', 'a\ud800b', 'a\\ud800b'],
    ['a tag', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
  ])('shows %s as its escape', (_case, text, shown) => {
    expect(visible(text)).toBe(shown)
    expect(isVisible(text)).toBe(false)
    expect(JSON.parse(visible(JSON.stringify(text)))).toBe(text)
  })

  it.each(['Lunch, 42 €', 'Grüße aus Köln', '日本', 'سلام', '👩‍💻', 'a\\nb', ''])(
    'leaves %j alone',
    (text) => {
      expect(visible(text)).toBe(text)
      expect(isVisible(text)).toBe(true)
    },
  )
})
