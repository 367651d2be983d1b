import { readFile } from 'node:fs/promises'
import { UserError } from '../../../process/user-error.ts'
import { type JsonReport, jsonReport } from './json.ts'
import type { Report } from './report.ts'

/** @throws {UserError} */
export async function readBaseline(file: string): Promise<JsonReport> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file} cannot be read (${error.code}): give a report that --report json wrote`)
  })
  try {
    return jsonReport.parse(JSON.parse(text))
  } catch {
    throw new UserError(`${file} is no report of this probe: give a file that --report json wrote`)
  }
}

/** Each check whose outcome differs from an earlier report, as a line. */
export function differences(before: JsonReport, { results }: Report): string[] {
  const old = new Map(before.checks.map(({ id, outcome }) => [id, outcome]))
  return results
    .filter(({ check, outcome }) => old.get(check.id) !== outcome)
    .map(({ check, outcome }) => `${check.id}: ${old.get(check.id) ?? 'not in the baseline'} → ${outcome}`)
}
