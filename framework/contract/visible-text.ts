/**
 * Characters that steer a reader's terminal, log or page and are not seen in it: controls, line and paragraph
 * separators, marks of writing direction, zero-width characters, tags, and halves of surrogate pairs.
 */
const hidden =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu

/** Tells whether a text is nothing but what a reader sees of it. */
export function isVisible(text: string): boolean {
  return text.search(hidden) < 0
}

/**
 * The text with each hidden character as its JSON escape, so that it is one line, says what is in it, and leaves what
 * surrounds it alone. Within a JSON document the value stays the same.
 * @example visible('a\u001b[2J') // 'a\\u001b[2J'
 */
export function visible(text: string): string {
  return text.replace(hidden, escaped)
}

function escaped(character: string): string {
  const short = JSON.stringify(character).slice(1, -1)
  if (short !== character) return short
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')
}
