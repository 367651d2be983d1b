import { describePattern } from '../../runner/describe-pattern.ts'
import { patternNames } from '../../runner/load-pattern.ts'

/** The patterns that stand on this one, each of which closes a hole of it: the next rung, and branches. */
export async function patternsBuiltOn(name: string): Promise<string[]> {
  const number = /^p\d\d/.exec(name)?.[0]
  if (!number) return []
  const all = await Promise.all((await patternNames()).map(describePattern))
  return all.filter(({ mcpAuth }) => mcpAuth.baseline === number).map((each) => each.name)
}
