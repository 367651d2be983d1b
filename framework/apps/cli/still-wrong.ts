import { count } from '../../process/terminal.ts'
import type { Cell } from '../../runner/cells.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { patternNames } from '../../runner/load-pattern.ts'

/** The cells that differ from the ground truth, user by user. */
export function misses(cells: readonly Cell[]): string[] {
  const wrong = cells.filter(({ outcome, expected }) => outcome !== expected)
  const rows = cells.reduce((sum, { overshared }) => sum + overshared, 0)
  const byUser = [...new Set(wrong.map(({ user }) => user))].map((user) => {
    const numbers = wrong.filter((cell) => cell.user === user).map(({ prompt }) => prompt)
    return `${user} ${numbers.join(', ')}`
  })
  return [
    ...(wrong.length > 0 ? [`Mismatches: ${byUser.join('; ')}.`] : []),
    ...(rows > 0 ? [`${count(rows, 'row')} leaked.`] : []),
  ]
}

/** The pattern that is built on this one and closes its hole. */
export async function nextPattern(name: string): Promise<string | undefined> {
  const number = /^p\d\d/.exec(name)?.[0]
  for (const each of await patternNames()) {
    const { mcpAuth } = await describePattern(each)
    if (number && mcpAuth.baseline === number) return each
  }
  return undefined
}
