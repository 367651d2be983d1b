import pc from 'picocolors'
import type { Attack } from '../attacks/attack.ts'
import type { AttackResult } from '../attacks/run-attacks.ts'
import { columns } from './terminal.ts'

/** One line for each attack; with `details`, what was sent, recorded and changed. */
export function attackText(results: readonly AttackResult[], details: boolean): string {
  const rows = results.map(({ outcome, expected, id, reason }) => [
    outcome,
    id,
    expected && expected !== outcome ? `(declared: ${expected}) ${reason}` : reason,
  ])
  const lines = columns(rows, (cell, column) => (column === 0 ? paint(cell) : cell))
  return lines.map((line, at) => (details ? [line, ...evidence(results[at])].join('\n') : line)).join('\n')
}

function paint(outcome: string): string {
  if (outcome.startsWith('succeeds')) return pc.red(outcome)
  if (outcome.startsWith('blocked')) return pc.green(outcome)
  return outcome.startsWith('error') ? pc.bgRed(outcome) : pc.dim(outcome)
}

function evidence(result: AttackResult | undefined): string[] {
  if (!result) return []
  const { sent, records, changes } = result.evidence
  return [
    ...sent.map(({ method, url, request, response }) => {
      const headers = Object.entries(request.headers).filter(
        ([name]) => !['host', 'traceparent'].includes(name),
      )
      const shown = headers.map(([name, value]) => `\n      ${name}: ${value}`).join('')
      return `    ${pc.dim('sent')} ${method} ${url} → ${response.status}${shown}`
    }),
    ...records.map((record) => `    ${pc.dim('recorded')} ${JSON.stringify(record)}`),
    ...(changes.length > 0 ? changes : ['nothing']).map((change) => `    ${pc.dim('changed')} ${change}`),
  ]
}

/** What an attack is, without running it. */
export function explanation({ id, story, owasp, judgedBy, expected }: Attack): string {
  const words: Record<string, string> = { S: 'succeeds', B: 'blocked', '-': 'n/a' }
  const declared = [...expected].map((letter, at) => `p0${at + 1} ${words[letter]}`)
  return [
    pc.bold(id),
    story,
    `Judged by ${judgedBy}.`,
    `OWASP: ${owasp.join(', ')}`,
    `Declared: ${declared.join(', ')}`,
  ].join('\n')
}
