import type { Severity } from '../check.ts'
import type { Report } from './report.ts'

/** GitHub's code scanning sorts by this number (0 to 10). */
const scores: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0' }
const levels: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
}

/**
 * SARIF 2.1.0 (OASIS): a rule for each check, a result for each finding, and a notification for each check that could
 * not be carried out.
 */
export function toSarif({ target, results, at }: Report): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'agent-auth-lab probe',
            version: '0.1.0',
            rules: results.map(({ check }) => ({
              id: check.id,
              shortDescription: { text: check.says },
              fullDescription: { text: `${check.says} Judged by ${check.judgedBy}.` },
              help: { text: `${check.remedy} (${check.clauses.join('; ')})` },
              defaultConfiguration: { level: levels[check.severity] },
              properties: {
                'security-severity': scores[check.severity],
                tags: ['security', ...check.clauses],
              },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: !results.some(({ outcome }) => outcome === 'error'),
            endTimeUtc: at,
            toolExecutionNotifications: results
              .filter(({ outcome }) => outcome === 'error')
              .map(({ check, reason }) => ({
                level: 'error',
                descriptor: { id: check.id },
                message: { text: reason },
              })),
          },
        ],
        results: results
          .filter(({ outcome }) => outcome === 'found')
          .map(({ check, reason }) => ({
            ruleId: check.id,
            level: levels[check.severity],
            message: { text: `${check.says} Here: ${reason}. ${check.remedy}` },
            // A server has no file; the address is what a reader needs, and one place is demanded.
            locations: [{ physicalLocation: { artifactLocation: { uri: target } } }],
            partialFingerprints: { check: `${check.id}@${target}` },
          })),
      },
    ],
  }
}
