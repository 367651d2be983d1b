import { blocksIn, withBlock } from '../readme/blocks.ts'
import { type Blocks, blockNames } from './markdown.ts'

/**
 * The README with its tables as they were just measured.
 * @throws {UserError} where it has no place for one of them
 */
export function fillIn(readme: string, blocks: Blocks): string {
  return blockNames.reduce((text, name) => withBlock(text, name, blocks[name]), readme)
}

/** The tables that differ from what was just measured: each with its first line that differs. */
export function differences(readme: string, blocks: Blocks): string[] {
  const written = blocksIn(readme)
  return blockNames.flatMap((name) => {
    const [shown, measured] = [written.get(name) ?? '', blocks[name]].map((text) => text.split('\n'))
    const length = Math.max(shown?.length ?? 0, measured?.length ?? 0)
    const at = Array.from({ length }).findIndex((_, line) => shown?.[line] !== measured?.[line])
    if (at < 0) return []
    return [
      `${name}: the README says "${shown?.[at] ?? ''}" and measured is "${measured?.[at] ?? ''}"; pnpm run compare --write`,
    ]
  })
}
