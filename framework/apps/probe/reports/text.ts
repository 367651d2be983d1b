import { visible } from '@lab/contract'
import { pc } from '../../../process/colours.ts'
import { count } from '../../../process/terminal.ts'
import type { ProbeOutcome } from '../result.ts'
import type { Probed } from '../run-probe.ts'
import { countOf, type Report } from './report.ts'

/** The last requests of a finding that a reader sees. */
const shownRequests = 3

/** The report for a terminal: each check with its reason, then each finding with evidence and remedy, then the count. */
export function toText(report: Report): string {
  const findings = report.results.filter(({ outcome }) => outcome === 'found')
  return [...groups(report), ...findings.flatMap(finding), '', summary(report)].join('\n')
}

function groups({ results }: Report): string[] {
  const titles = [...new Set(results.map(({ group }) => group))]
  return titles.flatMap((title) => [
    '',
    pc.bold(title),
    ...results
      .filter(({ group }) => group === title)
      .map(({ check, outcome, reason }) => `${painted(outcome)}  ${check.id}\n    ${visible(reason)}`),
  ])
}

function painted(outcome: ProbeOutcome): string {
  const word = outcome.padEnd('not-applicable'.length)
  if (outcome === 'held') return pc.green(word)
  if (outcome === 'found') return pc.red(word)
  return outcome === 'error' ? pc.bgRed(word) : word
}

function finding({ check, reason, sent }: Probed): string[] {
  return [
    '',
    `${pc.red(pc.bold(check.id))} (${check.severity})`,
    `  ${check.says}`,
    `  Seen: ${visible(reason)}.`,
    `  Judged by ${check.judgedBy}.`,
    `  Rests on: ${check.clauses.join('; ')}.`,
    `  ${pc.bold('Remedy:')} ${check.remedy}`,
    ...sent
      .slice(-shownRequests)
      .flatMap(({ method, url, headers, status, answer }) => [
        `    sent ${method} ${url} → ${status || 'no answer'}`,
        ...Object.entries(headers).map(([name, value]) => `      ${name}: ${value}`),
        `      ${visible(answer).slice(0, 160)}`,
      ]),
  ]
}

function summary(report: Report): string {
  const parts = (['held', 'found', 'not-applicable', 'not-tried', 'error'] as const).map(
    (outcome) => `${countOf(report, outcome)} ${outcome.replace('-', ' ')}`,
  )
  const line = `${count(report.results.length, 'check')}: ${parts.join(', ')} (${count(report.requests, 'request')}).`
  const control =
    countOf(report, 'held') === 0 ? ' Nothing held with a control beside it, so this says nothing good.' : ''
  return line + control
}
