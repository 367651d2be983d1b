import { lab } from '../../../process/how-to-run.ts'
import { shellWord } from '../../../process/shell-word.ts'
import { describePattern, type PatternDescription } from '../../../runner/describe-pattern.ts'
import { isOwnFolder } from '../../../runner/load-pattern.ts'
import { missingChecks } from './missing-checks.ts'

/**
 * The holes that a pattern is known to have. The ladder's headers are measured by tests; of your own folder nothing is
 * known before it was attacked, but what its baseline checks and it does not can be read.
 * @param which the folder, as it was named on the command line
 */
export async function stillAllows(description: PatternDescription, which: string): Promise<string[]> {
  if (!isOwnFolder(description.folder)) {
    return [`Still allows: ${description.mcpAuth.stillAllows || 'its header does not say.'}`]
  }
  return [
    ...(await checksGone(description)),
    `Still allows: not measured yet: ${lab(`attack ${shellWord(which)}`)}`,
  ]
}

/** The checks that a folder's declared baseline has and the folder has not, in a line each. */
async function checksGone(description: PatternDescription): Promise<string[]> {
  const { baseline } = description.mcpAuth
  const before = baseline === 'none' ? undefined : await describePattern(baseline).catch(() => undefined)
  return before
    ? missingChecks(before.source, description.source).map(
        (what) => `${baseline} has, and this has not: ${what}`,
      )
    : []
}
