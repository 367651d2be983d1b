import { shellWord } from '../../../process/shell-word.ts'
import { Finding } from '../../../process/user-error.ts'
import { type Cell, runCells } from '../../../runner/cells.ts'
import { isOwnFolder } from '../../../runner/load-pattern.ts'
import type { PatternRunner } from '../../../runner/pattern-runner.ts'

/** Prompts that read: one of these must be served before anything can be stolen or forged. */
const reads = [1, 3]

/**
 * Asks as alice, whom the attacks are on, before your own folder is attacked: where nothing is served there is nothing
 * to capture, and all attacks would fail alike.
 * @throws {Finding} that says so once
 */
export async function requireService(runner: PatternRunner, which: string): Promise<void> {
  if (!isOwnFolder(runner.pattern.folder)) return
  const cells = await runCells(runner, ['alice'], reads)
  const [first] = cells
  if (!first || cells.some(isServed)) return
  const why = `her first prompt ends with ${first.outcome}${first.status ? ` ${first.status}` : ''}: ${first.reason}`
  throw new Finding(
    `${runner.pattern.name} must serve alice before it can be attacked (${why}): see pnpm run pattern ${shellWord(which)}`,
  )
}

/** Served in the name of somebody else, too: that is a hole, which the attacks are to name. */
function isServed({ outcome, status = 500 }: Cell): boolean {
  return outcome === 'allowed' || (outcome === 'wrong-user' && status < 400)
}
