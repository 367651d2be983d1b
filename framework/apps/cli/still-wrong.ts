import { patternOrder } from '../../measure/declarations/order.ts'
import { lab } from '../../process/how-to-run.ts'
import { describePattern } from '../../runner/describe-pattern.ts'

/**
 * The patterns that stand on this one, a line each: the next rung closes the hole that it leaves, a branch another hole of it.
 * @param name the pattern's folder name
 */
export async function builtOn(name: string): Promise<string[]> {
  const number = /^p\d\d/.exec(name)?.[0]
  if (!number) return []
  const { ladder, names } = await patternOrder()
  const all = await Promise.all(names.map(describePattern))
  return all
    .filter(({ mcpAuth }) => mcpAuth.baseline === number)
    .map((each) => {
      const what = ladder.includes(each.name) ? 'Closed by' : 'Another hole is closed by the branch'
      return `${what} ${each.name}: ${lab(`diff ${number} ${each.name.slice(0, 'p00'.length)}`)}`
    })
}
