import { z } from 'zod'
import { severities } from '../check.ts'
import type { Report } from './report.ts'

/** The form of a JSON report: also what `--baseline` reads. */
export const jsonReport = z.object({
  version: z.literal(1),
  target: z.string(),
  at: z.iso.datetime(),
  requests: z.number().int().nonnegative(),
  checks: z.array(
    z.object({
      id: z.string(),
      group: z.string(),
      outcome: z.enum(['held', 'found', 'not-applicable', 'not-tried', 'error']),
      reason: z.string(),
      says: z.string(),
      severity: z.enum(severities),
      clauses: z.array(z.string()),
      judgedBy: z.string(),
      remedy: z.string(),
      sent: z.array(
        z.object({
          method: z.string(),
          url: z.string(),
          headers: z.record(z.string(), z.string()),
          body: z.string(),
          status: z.number().int(),
          answer: z.string(),
        }),
      ),
    }),
  ),
})
/** The JSON Schema of a report, as docs/probe/report.schema.json has it. */
export const reportSchema = () => z.toJSONSchema(jsonReport)

export type JsonReport = z.infer<typeof jsonReport>

export function toJson({ results, ...run }: Report): JsonReport {
  return {
    version: 1,
    ...run,
    checks: results.map(({ check: { run: _run, clauses, ...about }, group, outcome, reason, sent }) => ({
      ...about,
      clauses: [...clauses],
      group,
      outcome,
      reason,
      sent: [...sent],
    })),
  }
}
