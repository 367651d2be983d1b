import { visible } from '@lab/contract'

/** One thing in several forms, by MIME type: a front end shows the richest that it knows. */
export type Rich = Readonly<Record<string, string>>

let display: (data: Rich) => void = (data) => process.stdout.write(`${data['text/plain']}\n`)

/** Sets where {@link show} puts things; until then it prints their text form. */
export function displayWith(shower: (data: Rich) => void): void {
  display = shower
}

/** Shows things below a cell, one output each. */
export function show(...things: readonly Rich[]): void {
  for (const thing of things) display(thing)
}

/** Text as Markdown. */
export function markdown(text: string): Rich {
  return { 'text/markdown': text, 'text/plain': text }
}

/** Escapes text for HTML, SVG and their attributes, and what is hidden in it but for line breaks. */
export function escapeMarkup(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  const lines = text.split('\n').map(visible).join('\n')
  return lines.replace(/[&<>"']/g, (character) => entities[character] as string)
}

/** Tables and code behind a line that a reader opens. In the text form they stand below it. */
export function folded(summary: string, ...things: readonly Rich[]): Rich {
  const inside = things.map(
    (thing) => thing['text/html'] ?? `<pre>${escapeMarkup(thing['text/plain'] ?? '')}</pre>`,
  )
  return {
    'text/html': `<details><summary>${escapeMarkup(summary)}</summary>\n${inside.join('\n')}\n</details>`,
    'text/plain': [`${summary}:`, ...things.map((thing) => thing['text/plain'])].join('\n'),
  }
}
