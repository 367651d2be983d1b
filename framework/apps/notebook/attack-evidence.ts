import type { AuditRecord } from '@lab/contract'
import { statusOf } from '../../attacks/attacker/judge.ts'
import { signatureAttacks } from '../../attacks/index.ts'
import type { AttackResult } from '../../attacks/run-attacks.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import { credentialOf } from '../../trace/sequence/call-steps.ts'
import type { StableNames } from '../../trace/sequence/stable-names.ts'
import { attackPicture, namesInPicture } from './attack-picture.ts'
import { type AttackRun, attackOf, type Lesson } from './lesson.ts'
import { folded, markdown, type Rich } from './rich.ts'
import { type TableCell, type Tone, table } from './table.ts'

/** So many requests of an attack, and so many records, are listed. */
const listed = 4

/** Runs one attack: what the attacker had and wanted, what was sent, what was recorded, and what it did to the data. */
export async function attackEvidence(lesson: Lesson, id: string): Promise<Rich[]> {
  const { story, judgedBy } = attackOf(id)
  const result = await lesson.attack(id)
  const { sent, records, changes } = result.evidence
  const picture = attackPicture(lesson, result)
  const tables = [
    ...(sent.length > 0 ? [sentTable(result, namesInPicture(lesson, result))] : []),
    ...(records.length > 0 ? [recordsTable(records)] : []),
  ]
  return [
    markdown(
      `**${id} ${result.outcome}** on ${lesson.description.name}: ${result.reason}.${blockText(result)}\n\n${story} Judged by ${judgedBy}.`,
    ),
    ...(picture ? [picture] : []),
    changesText(result, changes),
    ...(tables.length > 0 ? [folded('The evidence: what was sent, and what was recorded', ...tables)] : []),
  ]
}

/** The line of the pattern that blocked it. */
function blockText({ blockedAt }: AttackResult): string {
  if (!blockedAt) return ''
  const { file, line, text } = blockedAt
  return ` Blocked at ${file}, line ${line}: \`${text}\`.`
}

/** The signature attacks of all patterns on this one: what is closed, and what is open. */
export async function attacksTable(lesson: Lesson): Promise<Rich> {
  const results: AttackResult[] = []
  for (const { id } of signatureAttacks) results.push(await lesson.attack(id))
  const open = results.filter(({ outcome }) => outcome === 'succeeds').length
  const applicable = results.filter(({ outcome }) => outcome !== 'n/a').length
  return table({
    head: ['attack', lesson.name, 'why'],
    rows: results.map(({ id, outcome, reason }) => [id, { text: outcome, ...toneOf(outcome) }, reason]),
    notes: [
      `${open} of ${applicable} signature attacks succeed${applicable < results.length ? `; ${results.length - applicable} do not apply` : ''}.`,
    ],
  })
}

function toneOf(outcome: AttackResult['outcome']): { tone?: Tone } {
  if (outcome === 'n/a') return {}
  return { tone: outcome === 'blocked' ? 'good' : 'bad' }
}

/** The records of what was served, or of what was refused if nothing was. */
function sentTable({ evidence, hops }: AttackRun, names: StableNames): Rich {
  const sent = besideIdp(evidence.sent, ({ to }) => to)
  const served = sent.filter((hop) => !isRefused(hop))
  const shown = (served.length > 0 ? served : sent).slice(0, listed)
  const tried = hops.filter((hop) => hop.from === 'attacker' && hop.to !== 'idp' && isRefused(hop))
  const others = tried.length - shown.filter((hop) => tried.includes(hop)).length
  return table({
    title: 'What was sent',
    head: ['from', 'request', 'credential', 'answer'],
    rows: shown.map((hop): TableCell[] => [
      hop.from,
      { text: names.text(`${hop.method} ${hop.url}`).replace('http://', ''), code: true },
      { text: credentialOf(hop, names), code: true },
      { text: String(statusOf(hop)), tone: isRefused(hop) ? 'good' : 'bad' },
    ]),
    ...(others > 0 && { notes: [`and ${others} more from the attacker, which were refused`] }),
  })
}

/** The entries that are not the IdP's; all of them, where there are no others. */
function besideIdp<T>(all: readonly T[], partyOf: (each: T) => string): readonly T[] {
  const others = all.filter((each) => partyOf(each) !== 'idp')
  return others.length > 0 ? others : all
}

function isRefused(hop: Hop): boolean {
  return statusOf(hop) >= 400
}

/** The records of what was allowed, or of what was refused if nothing was. */
function recordsTable(records: readonly AuditRecord[]): Rich {
  const ofServices = besideIdp(records, ({ service }) => service)
  const allowed = ofServices.filter(({ decision }) => decision === 'allow')
  const shown = (allowed.length > 0 ? allowed : ofServices).slice(0, listed)
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
    ...(allowed.length > 0 &&
      allowed.length < ofServices.length && { notes: ['and a record of each refusal'] }),
  })
}

function changesText({ outcome }: AttackResult, changes: readonly string[]): Rich {
  const lines =
    changes.length > 0 ? changes : [outcome === 'succeeds' ? 'nothing; it was after reading' : 'nothing']
  return markdown(`Changed in the data: ${lines.join('; ')}.`)
}
