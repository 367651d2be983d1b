import { visible } from '@lab/contract'
import type { Attack } from '../../attacks/attacker/attack.ts'
import { aisvsTopics, cweTitles, owaspTitles } from '../../attacks/attacker/catalogues.ts'
import { attackGroups } from '../../attacks/index.ts'
import { shortNameOf } from '../../measure/comparison/short-name.ts'
import {
  declaredOutcome,
  isAsDeclared,
  type JudgedResult,
} from '../../measure/declarations/declared-outcome.ts'
import { declaredNames, loadDeclaration } from '../../measure/declarations/load-declarations.ts'
import { pc } from '../../process/colours.ts'
import { columns, count } from '../../process/terminal.ts'

/** One line for each attack, group by group, and what they add up to. */
export function attackText(results: readonly JudgedResult[]): string {
  const width = Math.max(...results.map(({ id }) => id.length))
  const groups = attackGroups.flatMap(({ title, attacks }) => {
    const ids = attacks.map(({ id }) => id)
    const those = results.filter(({ id }) => ids.includes(id))
    return those.length > 0 ? ['', pc.bold(title), ...lines(those, width)] : []
  })
  return [...groups, '', summary(results)].join('\n')
}

/** Each attack with what was sent, recorded and changed. */
export function attackDetails(results: readonly JudgedResult[]): string {
  const width = Math.max(...results.map(({ id }) => id.length))
  const parts = lines(results, width).map((line, at) => [line, ...evidence(results[at])].join('\n'))
  return [...parts, '', summary(results)].join('\n')
}

function lines(results: readonly JudgedResult[], width: number): string[] {
  const rows = results.map((result) => [
    result.outcome.padEnd('succeeds'.length),
    result.id.padEnd(width),
    isAsDeclared(result) || !result.expected
      ? result.reason
      : `(declared: ${result.expected}) ${result.reason}`,
  ])
  return columns(rows, (cell, column) => (column === 0 ? paint(cell) : cell))
}

function paint(outcome: string): string {
  if (outcome.startsWith('succeeds')) return pc.red(outcome)
  if (outcome.startsWith('blocked')) return pc.green(outcome)
  return outcome.startsWith('error') ? pc.bgRed(outcome) : pc.dim(outcome)
}

function summary(results: readonly JudgedResult[]): string {
  const number = (outcome: JudgedResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length
  const counts = [
    `${number('succeeds')} succeed`,
    `${number('blocked')} blocked`,
    `${number('n/a')} not applicable`,
  ]
  return `${count(results.length, 'attack')}: ${counts.join(', ')}. ${agreement(results)}`
}

function agreement(results: readonly JudgedResult[]): string {
  const broken = results.filter(({ outcome }) => outcome === 'error').length
  const wrong = results.filter((result) => !isAsDeclared(result)).length - broken
  if (broken + wrong === 0) {
    return results.some(({ expected }) => expected)
      ? 'All as declared.'
      : 'Nothing is declared for this pattern.'
  }
  const parts = [
    ...(wrong > 0 ? [`${wrong} NOT as declared.`] : []),
    ...(broken > 0 ? [`${broken} could NOT be carried out, which says nothing about the pattern.`] : []),
  ]
  return pc.bgRed(parts.join(' '))
}

function evidence(result: JudgedResult | undefined): string[] {
  if (!result) return []
  const { sent, records, changes } = result.evidence
  return [
    ...sent.map(({ method, url, request, response }) => {
      const headers = Object.entries(request.headers).filter(
        ([name]) => !['host', 'traceparent'].includes(name),
      )
      const shown = headers.map(([name, value]) => `\n      ${name}: ${visible(value)}`).join('')
      const body = request.body && `\n      ${visible(request.body)}`
      return `    ${pc.dim('sent')} ${method} ${url} → ${response.status}${shown}${body}`
    }),
    ...records.map((record) => `    ${pc.dim('recorded')} ${JSON.stringify(record)}`),
    ...(changes.length > 0 ? changes : ['nothing']).map((change) => `    ${pc.dim('changed')} ${change}`),
  ]
}

/** Describes an attack without running it. */
export async function explanation({ id, story, owasp, cwe, aisvs, judgedBy }: Attack): Promise<string> {
  const declared = await Promise.all(
    (await declaredNames()).map(
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
