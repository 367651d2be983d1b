import type { AuditRecord } from '@lab/contract'
import { signatureAttacks } from '../attacks/index.ts'
import type { AttackResult } from '../attacks/run-attacks.ts'
import type { Hop } from '../recorder/recorder.ts'
import { credentialOf } from '../sequence/call-steps.ts'
import type { StableNames } from '../sequence/stable-names.ts'
import { attackOf, type Lesson } from './lesson.ts'
import { markdown, type Rich } from './rich.ts'
import { type TableCell, type Tone, table } from './table.ts'

/** So many requests of an attack are listed: what got through comes first. */
const listed = 4

/** Runs one attack: what the attacker had and wanted, what was sent, what was recorded, and what it did to the data. */
export async function attackEvidence(lesson: Lesson, id: string): Promise<Rich[]> {
  const { story, judgedBy } = attackOf(id)
  const result = await lesson.attack(id)
  const { sent, records, changes } = result.evidence
  const names = lesson.namesIn({ hops: sent })
  return [
    markdown(
      `**${id} ${result.outcome}** on ${lesson.description.name}: ${result.reason}.\n\n${story} Judged by ${judgedBy}.`,
    ),
    ...(sent.length > 0 ? [sentTable(sent, names)] : []),
    ...(records.length > 0 ? [recordsTable(records)] : []),
    changesText(result, changes),
  ]
}

/** The signature attacks of all patterns on this one: what is closed, and what is open. */
export async function attacksTable(lesson: Lesson): Promise<Rich> {
  const results: AttackResult[] = []
  for (const { id } of signatureAttacks) results.push(await lesson.attack(id))
  const open = results.filter(({ outcome }) => outcome === 'succeeds').length
  return table({
    head: ['attack', lesson.name, 'why'],
    rows: results.map(({ id, outcome, reason }) => [id, { text: outcome, ...toneOf(outcome) }, reason]),
    notes: [`${open} of ${results.length} signature attacks succeed.`],
  })
}

function toneOf(outcome: AttackResult['outcome']): { tone?: Tone } {
  if (outcome === 'n/a') return {}
  return { tone: outcome === 'blocked' ? 'good' : 'bad' }
}

function sentTable(sent: readonly Hop[], names: StableNames): Rich {
  const toServices = sent.filter(({ to }) => to !== 'idp')
  const shown = [...toServices].sort((a, b) => a.response.status - b.response.status).slice(0, listed)
  const rest = toServices.length - shown.length
  return table({
    title: 'What the attacker sent to services',
    head: ['request', 'credential', 'answer'],
    rows: shown.map((hop): TableCell[] => [
      { text: names.text(`${hop.method} ${hop.url}`), code: true },
      { text: credentialOf(hop, names), code: true },
      { text: String(hop.response.status), tone: hop.response.status < 400 ? 'bad' : 'good' },
    ]),
    ...(rest > 0 && { notes: ['and others, not listed'] }),
  })
}

function recordsTable(records: readonly AuditRecord[]): Rich {
  const ofServices = records.filter(({ service }) => service !== 'idp')
  const order = { allow: 0, error: 1, deny: 2 }
  const shown = [...ofServices].sort((a, b) => order[a.decision] - order[b.decision]).slice(0, listed)
  return table({
    title: 'What was recorded',
    head: ['by', 'action', 'user', 'actors', 'client', 'decision', 'decided by', 'reason'],
    rows: shown.map((record): TableCell[] => [
      record.service,
      record.action,
      record.user ?? '–',
      record.actors?.join(' ') || '–',
      record.client ?? '–',
      { text: record.decision, tone: record.decision === 'allow' ? 'bad' : 'good' },
      record.decidedBy,
      record.reason,
    ]),
  })
}

function changesText({ outcome }: AttackResult, changes: readonly string[]): Rich {
  const lines =
    changes.length > 0 ? changes : [outcome === 'succeeds' ? 'nothing; it was after reading' : 'nothing']
  return markdown(`Changed in the data: ${lines.join('; ')}.`)
}
