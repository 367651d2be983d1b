import { escapeMarkup, type Rich } from './rich.ts'

/** The languages that are coloured here. */
export type Language = 'ts' | 'diff' | 'http' | 'json' | 'rego'

/** Colours that can be read on a light page and on a dark one; backgrounds are half transparent. */
const styles = {
  comment: 'opacity:.7;font-style:italic',
  string: 'color:#bc4c00',
  keyword: 'color:#8250df;font-weight:bold',
  name: 'color:#0969da',
  added: 'background:rgba(46,160,67,.25)',
  removed: 'background:rgba(248,81,73,.25)',
  bold: 'font-weight:bold',
} as const

type Kind = keyof typeof styles

const string = String.raw`(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|${'`[^`\n]*`'})`
const keywords = (words: string) => String.raw`(?<keyword>\b(?:${words})\b)`

/** The parts of a line that have a colour, in languages that are read part by part. */
const parts: Readonly<Partial<Record<Language, RegExp>>> = {
  ts: new RegExp(
    `(?<comment>//.*|/\\*.*|^ \\*.*)|${string}|${keywords('import|export|from|const|async|await|return|type|satisfies|function')}`,
    'g',
  ),
  json: new RegExp(`(?<comment>//.*)|(?<name>"[^"]*"(?=: ))|${string}|${keywords('true|false|null')}`, 'g'),
  rego: new RegExp(
    `(?<comment>#.*)|${string}|${keywords('if|else|in|every|some|not|true|false|contains|import|package')}`,
    'g',
  ),
  http: /(?<comment>^# .*)|(?<keyword>^(?:GET|POST|HTTP\/1\.1)\b.*)|(?<name>^ *&?[\w-]+(?=[=:])|^ *"\w+"(?=:))|(?<string>‹[^›]*›)/g,
}

/** Code as it is, in a monospaced font and in colours; where a page is cleaned of styles, the code is left. */
export function codeView(source: string, language: Language): Rich {
  const text = source.trimEnd()
  const lines = text.split('\n').map((line) => coloured(line, language))
  // `code` within `pre`: that is what every front end sets in a monospaced font.
  return { 'text/html': `<pre><code>${lines.join('\n')}</code></pre>`, 'text/plain': text }
}

function coloured(line: string, language: Language): string {
  return piecesOf(line, language)
    .map(({ text, kind }) => (kind ? span(kind, text) : escapeMarkup(text)))
    .join('')
}

/** A piece of a line of code, and what it is where that has a colour. */
export interface CodePiece {
  readonly text: string
  readonly kind?: Kind
}

/** A line of code in pieces, for whatever draws it. */
export function piecesOf(line: string, language: Language): CodePiece[] {
  if (language === 'diff') return [diffPiece(line)]
  const pieces: CodePiece[] = []
  let end = 0
  for (const match of line.matchAll(parts[language] ?? /(?!)/g)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? []
    if (match.index > end) pieces.push({ text: line.slice(end, match.index) })
    pieces.push({ text: match[0], ...(kind && { kind: kind as Kind }) })
    end = match.index + match[0].length
  }
  return end < line.length ? [...pieces, { text: line.slice(end) }] : pieces
}

function diffPiece(line: string): CodePiece {
  if (/^(?:---|\+\+\+) /.test(line)) return { text: line, kind: 'bold' }
  if (line.startsWith('+')) return { text: line, kind: 'added' }
  return line.startsWith('-') ? { text: line, kind: 'removed' } : { text: line }
}

function span(kind: Kind, text: string): string {
  return `<span style="${styles[kind]}">${escapeMarkup(text)}</span>`
}
