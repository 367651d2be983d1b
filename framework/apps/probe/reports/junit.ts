import { countOf, type Report } from './report.ts'

/** JUnit's XML, as CI servers read it: a finding is a failure, what was not tried is skipped. */
export function toJunit(report: Report): string {
  const { target, at, results } = report
  const cases = results.map(({ check, group, outcome, reason }) => {
    const open = `    <testcase classname="${escaped(group)}" name="${escaped(check.id)}"`
    if (outcome === 'held') return `${open}/>`
    const text = escaped(`${reason}. ${check.remedy}`)
    const inner = {
      found: `<failure message="${escaped(check.says)}" type="${check.severity}">${text}</failure>`,
      error: `<error message="${escaped(reason)}"/>`,
      'not-applicable': `<skipped message="${escaped(`not applicable: ${reason}`)}"/>`,
      'not-tried': `<skipped message="${escaped(`not tried: ${reason}`)}"/>`,
    }[outcome]
    return `${open}>${inner}</testcase>`
  })
  const skipped = countOf(report, 'not-applicable') + countOf(report, 'not-tried')
  const counts = `tests="${results.length}" failures="${countOf(report, 'found')}" errors="${countOf(report, 'error')}" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="agent-auth-lab probe" ${counts}>`,
    `  <testsuite name="${escaped(target)}" timestamp="${at}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
