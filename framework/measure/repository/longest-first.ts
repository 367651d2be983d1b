import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The order of the test files: the longest first, so that the short ones fill what the cores have left at the end. By
 * itself Vitest begins with the project whose name is first in the alphabet, and knows no duration in a new checkout.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ project, moduleId }: TestSpecification) =>
      rankOf(project.name, relative(this.ctx.config.root, moduleId))
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}

/** The files that take longest. One that is missing here costs idle seconds at the end and nothing else. */
export const longest = [
  'framework/apps/notebook-kernel/notebooks.test.ts',
  'framework/attacks/honest-load.test.ts',
  'framework/measure/declarations/holes.test.ts',
  'framework/apps/api-docs/browser.test.ts',
  'framework/measure/comparison/measured/',
  'framework/measure/pattern-suite/patterns.test.ts',
  'framework/attacks/independence.test.ts',
  'framework/apps/serve/memory.test.ts',
  'framework/measure/declarations/renamed.test.ts',
]

/** The lower, the earlier: the longest in the order of their list, the other whole ones, and all that is short. */
export function rankOf(project: string, file: string): number {
  const at = longest.findIndex((path) => file.startsWith(path))
  if (at >= 0) return at
  return project === 'whole' ? longest.length : longest.length + 1
}
