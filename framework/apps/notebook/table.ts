import { columns } from '../../process/terminal.ts'
import { escapeMarkup, type Rich } from './rich.ts'

/** `good`, `bad`, `changed`: said by colour too, and never by colour alone, because GitHub takes styles away. */
export type Tone = 'good' | 'bad' | 'changed'
export type TableCell =
  | string
  | {
      readonly text: string
      readonly tone?: Tone
      readonly code?: boolean
      readonly href?: string | undefined
    }

export interface Table {
  readonly title?: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly TableCell[])[]
  /** One line each, below. */
  readonly notes?: readonly string[]
}

/** Half transparent, so that they serve on a light page and on a dark one. */
const backgrounds: Record<Tone, string> = {
  good: 'rgba(46,160,67,.18)',
  bad: 'rgba(248,81,73,.22)',
  changed: 'rgba(210,153,34,.25)',
}
/** Front ends set tables flush right by a style, which only a style overrides; the attribute is for GitHub. */
const left = 'align="left" style="text-align:left;vertical-align:top'

/** A table as HTML and as text in columns. */
export function table({ title, head, rows, notes = [] }: Table): Rich {
  const heading = title ? `<p><b>${escapeMarkup(title)}</b></p>` : ''
  const top = `<tr>${head.map((cell) => `<th ${left}">${escapeMarkup(cell)}</th>`).join('')}</tr>`
  const body = rows.map((row) => `<tr>${row.map(dataCell).join('')}</tr>`)
  const below = notes.map((note) => `<p>${escapeMarkup(note)}</p>`).join('')
  const lines = columns([head, ...rows.map((row) => row.map(plainText))])
  return {
    'text/html': `${heading}<table>\n<thead>${top}</thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>${below}`,
    'text/plain': [...(title ? [title] : []), ...lines, ...notes].join('\n'),
  }
}

function dataCell(cell: TableCell): string {
  const { text, tone, code, href }: Exclude<TableCell, string> =
    typeof cell === 'string' ? { text: cell } : cell
  const style = `${left}${tone ? `;background:${backgrounds[tone]}` : ''}"`
  const lines = escapeMarkup(text).replaceAll('\n', '<br>')
  const shown =
    code && text !== '' ? `<code>${breakable(lines)}</code>` : lines.replace(/`([^`]+)`/g, '<code>$1</code>')
  return `<td ${style}>${href ? `<a href="${escapeMarkup(href)}">${shown}</a>` : shown}</td>`
}

/** A long path may go on in the next line of its cell; otherwise it makes the table wider than a narrow window. */
function breakable(markup: string): string {
  return markup.replace(/(?<=\w)\/(?=\w)/g, '/<wbr>')
}

function plainText(cell: TableCell): string {
  return (typeof cell === 'string' ? cell : cell.text).replaceAll('\n', ' · ')
}
