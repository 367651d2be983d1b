import { describePattern } from '../../runner/describe-pattern.ts'
import { patternNames } from '../../runner/load-pattern.ts'

/** The pattern that is built on this one and closes its hole. */
export async function nextPattern(name: string): Promise<string | undefined> {
  const number = /^p\d\d/.exec(name)?.[0]
  for (const each of await patternNames()) {
    const { mcpAuth } = await describePattern(each)
    if (number && mcpAuth.baseline === number) return each
  }
  return undefined
}
