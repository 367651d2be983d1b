import type { Hop } from '../../trace/recorder/hop.ts'
import type { Lesson, LessonRun } from './lesson.ts'
import { escapeMarkup, markdown, type Rich } from './rich.ts'

interface Message {
  readonly role: string
  readonly content?: string | null
  readonly tool_calls?: readonly {
    readonly function: { readonly name: string; readonly arguments: string }
  }[]
}

/** One thing that was said. */
interface Line {
  readonly who: string
  readonly text: string
}

/** Half transparent, so that they serve on a light page and on a dark one. */
const leak = 'background:rgba(248,81,73,.3)'
const order = 'background:rgba(248,81,73,.18)'

/**
 * The conversation of a run as the model read and wrote it. Keys are redacted to their names, and marked: what is
 * marked was whole in the model's context. So is a line of a document that gives the model an order.
 */
export function conversation(lesson: Lesson, run: Pick<LessonRun, 'hops'>): Rich {
  const last = run.hops.findLast(({ to }) => to === 'model')
  if (!last) return markdown('No model was asked.')
  const names = lesson.namesIn(run)
  const said = linesOf(last).map(({ who, text }) => ({ who, text: names.text(text) }))
  const left = 'align="left" style="text-align:left;vertical-align:top'
  const rows = said.map(
    ({ who, text }) =>
      `<tr><td ${left}"><b>${escapeMarkup(who)}</b></td><td ${left}">${marked(text)}</td></tr>`,
  )
  return {
    'text/html': `<table>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`,
    'text/plain': said.map(({ who, text }) => `${who}: ${text.replaceAll('\n', '\n    ')}`).join('\n'),
  }
}

function linesOf({ request, response }: Hop): Line[] {
  const asked: Message[] = JSON.parse(request.body).messages
  const answer: Message = JSON.parse(response.body).choices[0].message
  return [...asked, answer].flatMap(lineOf)
}

const speakers: Readonly<Record<string, string>> = {
  system: 'system prompt',
  user: 'user',
  assistant: 'model',
  tool: 'tool result',
}

function lineOf({ role, content, tool_calls = [] }: Message): Line[] {
  const who = speakers[role] ?? role
  const calls = tool_calls.map(({ function: { name, arguments: args } }) => ({
    who: `${who} calls`,
    text: `${name} ${args}`,
  }))
  return [...(content ? [{ who, text: role === 'tool' ? readable(content) : content }] : []), ...calls]
}

/** A result that is a list of documents, one line each: so a planted line stands for itself. */
function readable(content: string): string {
  if (!content.startsWith('{')) return content
  const { documents } = JSON.parse(content) as { documents?: { id: string; text: string }[] }
  return documents ? documents.map(({ id, text }) => `[${id}] ${text}`).join('\n') : content
}

function marked(text: string): string {
  return escapeMarkup(text)
    .split('\n')
    .map((line) => (/Assistant: call /.test(line) ? `<span style="${order}"><b>${line}</b></span>` : line))
    .join('<br>')
    .replace(/‹[^›]*key›/g, (key) => `<b style="${leak}">${key}</b>`)
}
