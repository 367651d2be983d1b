import { escapeMarkup, type Rich } from './rich.ts'

/** Half transparent, so that they serve on a light page and on a dark one. */
const backgrounds = { added: 'rgba(46,160,67,.22)', removed: 'rgba(248,81,73,.22)' }
const soft = 'opacity:.65'

/** Source as it is, comments set back. */
export function codeView(source: string): Rich {
  const isComment = (line: string) => /^\s*(\/\*\*| \*|\/\/)/.test(line)
  return block(source, (line) => (isComment(line) ? soft : undefined))
}

/** A unified diff, its lines coloured; where a page is cleaned of styles, plus and minus are left. */
export function diffView(diff: string): Rich {
  return block(diff, (line) => {
    if (/^(---|\+\+\+) /.test(line)) return 'font-weight:bold'
    if (line.startsWith('@@')) return soft
    if (line.startsWith('+')) return `background:${backgrounds.added}`
    return line.startsWith('-') ? `background:${backgrounds.removed}` : undefined
  })
}

function block(text: string, styleOf: (line: string) => string | undefined): Rich {
  const lines = text.split('\n').map((line) => {
    const style = styleOf(line)
    return style ? `<span style="${style}">${escapeMarkup(line)}</span>` : escapeMarkup(line)
  })
  return { 'text/html': `<pre>${lines.join('\n')}</pre>`, 'text/plain': text }
}
