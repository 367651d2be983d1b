import type { Attack } from '../../attacks/attacker/attack.ts'
import { aisvsTopics, cweTitles, owaspTitles } from '../../attacks/attacker/catalogues.ts'
import { attackGroups } from '../../attacks/index.ts'
import { attackWords, signatureShare, successShare } from '../../measure/comparison/headline.ts'
import { shortNameOf } from '../../measure/comparison/short-name.ts'
import {
  declaredOutcome,
  isAsDeclared,
  type JudgedResult,
} from '../../measure/declarations/declared-outcome.ts'
import { loadDeclaration } from '../../measure/declarations/load-declarations.ts'
import { patternOrder } from '../../measure/declarations/order.ts'
import { pc, tone } from '../../process/colours.ts'
import { gridWithReason, type Place } from '../../process/layout.ts'
import { wrapped } from '../../process/wrap.ts'
import { evidenceLines } from './evidence-text.ts'

/** Each attack with its outcome and why, group by group, and what they add up to. */
export function attackText(results: readonly JudgedResult[], place: Place): string {
  const groups = attackGroups.flatMap(({ title, attacks }) => {
    const ids = attacks.map(({ id }) => id)
    const those = results.filter(({ id }) => ids.includes(id))
    return those.length > 0 ? ['', pc.bold(title), ...attackLines(those, results, place)] : []
  })
  return [...groups, '', ...legend, ...summary(results).flatMap((line) => fitted(line, place))].join('\n')
}

/** Each attack with its story, and what was sent, recorded and changed. */
export function attackDetails(
  results: readonly JudgedResult[],
  attacks: readonly Attack[],
  place: Place,
): string {
  const parts = results.flatMap((result) => [
    ...attackLines([result], results, place),
    ...evidenceLines(result, attacks.find(({ id }) => id === result.id)?.story ?? '', place),
    '',
  ])
  return [...parts, ...summary(results).flatMap((line) => fitted(line, place))].join('\n')
}

/** @param all gives the width of the column of ids, so that groups line up */
function attackLines(results: readonly JudgedResult[], all: readonly JudgedResult[], place: Place): string[] {
  const width = Math.max(...all.map(({ id }) => id.length))
  const rows = results.map((result) => [
    result.outcome.padEnd('succeeds'.length),
    result.id.padEnd(width),
    isAsDeclared(result) || !result.expected
      ? result.reason
      : `(declared: ${result.expected}) ${result.reason}`,
  ])
  return gridWithReason([[], ...rows], place, (cell, column) =>
    column === 0 ? paintOutcome(cell) : cell,
  ).slice(1)
}

function fitted(line: string, { width, wide }: Place): string[] {
  return wide ? [line] : wrapped(line, width)
}

const legend = [
  `${tone.good('blocked')} is as it should be, ${tone.bad('succeeds')} is not; n/a: nothing to steal or forge`,
]

function paintOutcome(outcome: string): string {
  if (outcome.startsWith('succeeds')) return tone.bad(outcome)
  if (outcome.startsWith('blocked')) return tone.good(outcome)
  return outcome.startsWith('error') ? pc.bgRed(outcome) : outcome
}

/** The counts. An attack that does not apply is in neither number of a share. */
function summary(results: readonly JudgedResult[]): string[] {
  const [signature, all] = [signatureShare(results), successShare(results)]
  const absent = results.filter(({ outcome }) => outcome === 'n/a').length
  const ofSignature = signature.of > 0 && signature.of < all.of ? `${attackWords(signature)}; ` : ''
  const left = absent > 0 ? `; ${absent} not applicable` : ''
  return [`${ofSignature}${attackWords(all, '')}${left}. ${agreement(results)}`]
}

function agreement(results: readonly JudgedResult[]): string {
  const broken = results.filter(({ outcome }) => outcome === 'error').length
  const wrong = results.filter((result) => !isAsDeclared(result)).length - broken
  if (broken + wrong === 0) {
    return results.some(({ expected }) => expected)
      ? 'All as declared.'
      : 'Nothing is declared here, so nothing is judged.'
  }
  const parts = [
    ...(wrong > 0 ? [`${wrong} NOT as declared.`] : []),
    ...(broken > 0 ? [`${broken} could NOT be carried out, which says nothing about the pattern.`] : []),
  ]
  return parts.join(' ')
}

/** Describes an attack without running it. */
export async function explanation({ id, story, owasp, cwe, aisvs, judgedBy }: Attack): Promise<string> {
  const declared = await Promise.all(
    (await patternOrder()).names.map(
      async (name) => `${shortNameOf(name)} ${declaredOutcome(await loadDeclaration(name), id)}`,
    ),
  )
  return [
    pc.bold(id),
    story,
    `Judged by ${judgedBy}.`,
    ...owasp.map((entry) => `OWASP ${entry}: ${owaspTitles[entry]}`),
    ...cwe.map((entry) => `${entry}: ${cweTitles[entry]}`),
    ...aisvs.map((entry) => `OWASP AISVS 1.0, ${entry}: ${aisvsTopics[entry]}`),
    `Declared: ${declared.join(', ')}`,
  ].join('\n')
}
