import type { SeenToken } from '../../trace/recorder/redact.ts'
import type { StableNames } from '../../trace/sequence/stable-names.ts'
import type { Lesson, LessonRun } from './lesson.ts'
import { escapeMarkup, markdown, type Rich } from './rich.ts'
import { accessToken, orderedParts } from './token-diff.ts'

/** The three parts of a token, each in a colour of its own: half transparent, for light pages and dark ones. */
const parts = [
  { name: 'header', colour: 'rgba(248,81,73,.22)' },
  { name: 'claims', colour: 'rgba(163,113,247,.28)' },
  { name: 'signature', colour: 'rgba(56,139,253,.24)' },
] as const

/**
 * The access token that reached the service in its two forms: encoded, as it travels, and decoded. What differs from
 * run to run has a name in place of its value, and the signature is left out: without it nobody can use the token.
 */
export function tokenView(lesson: Lesson, run: Pick<LessonRun, 'hops'>): Rich {
  const token = accessToken(run)
  if (!token) return markdown(`${lesson.name} sends no token.`)
  const [header, claims] = jsonOf(token, lesson.namesIn(run))
  // As an IdP encodes it: without spaces.
  const encoded = [header, claims].map((json) =>
    Buffer.from(JSON.stringify(JSON.parse(json))).toString('base64url'),
  )
  const wire = [...encoded, '‹signature, not shown›']
  const decoded = [
    header,
    claims,
    'made with the private key of the IdP; anyone can check it with the public one',
  ]
  const coloured = wire.map((text, at) => span(text, parts[at]?.colour ?? '')).join('.')
  const rows = parts.map(
    ({ name, colour }, at) =>
      `<tr><td ${cell}">${span(name, colour)}</td><td ${cell}"><code>${lines(decoded[at] ?? '')}</code></td></tr>`,
  )
  return {
    'text/html':
      `<p style="word-break:break-all"><code style="word-break:break-all;white-space:normal">${coloured}</code></p>` +
      `<table>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`,
    'text/plain': [wire.join('.'), ...parts.map(({ name }, at) => `${name}: ${decoded[at]}`)].join('\n'),
  }
}

const cell = 'align="left" style="text-align:left;vertical-align:top'

function span(text: string, colour: string): string {
  return `<span style="background:${colour}">${escapeMarkup(text)}</span>`
}

function lines(json: string): string {
  return escapeMarkup(json).replaceAll('\n', '<br>').replaceAll('  ', '&nbsp;&nbsp;')
}

/** Header and claims as JSON, always in the same order. */
function jsonOf(token: SeenToken, names: StableNames): [string, string] {
  const all = orderedParts(token, names)
  const inHeader = ([name]: readonly [string, string]) => name.startsWith('header.')
  const json = (entries: readonly (readonly [string, unknown])[]) =>
    JSON.stringify(Object.fromEntries(entries), null, 2)
  const header = all.filter(inHeader).map(([name, value]) => [name.slice('header.'.length), value] as const)
  const claims = all
    .filter((each) => !inHeader(each))
    .map(([name, value]) => [name, inForm(value, token.claims[name])] as const)
  return [json(header), json(claims)]
}

/** A claim that is a list or an object in the token is one here. */
function inForm(value: string, original: unknown): unknown {
  if (Array.isArray(original)) return value.split(' ')
  if (typeof original !== 'object') return value
  const [, jkt] = /^\{ jkt: (.+) \}$/.exec(value) ?? []
  return jkt ? { jkt } : JSON.parse(value)
}
