import { UserError } from '../../process/user-error.ts'
import { patternOrder } from '../declarations/order.ts'
import { blocksIn, withBlock } from '../readme/blocks.ts'
import { type Page, readPages, writePage } from '../readme/pages.ts'
import { deviations } from './deviations.ts'
import { type Blocks, blockNames, markdownBlocks } from './markdown.ts'
import { measureAll, type WithRunner } from './measure-all.ts'
import type { Measurement } from './measure-pattern.ts'

type BlockName = (typeof blockNames)[number]

/**
 * Measures all patterns afresh and compares: the attacks with what is declared, and the pages with what came out.
 * @returns what does not agree; empty where all does
 * @throws {UserError} where a page has a part that nothing fills, or lacks one: before anything is measured
 */
export async function checkMeasured(
  withRunner: WithRunner,
  onProgress: (text: string) => void,
): Promise<string[]> {
  const pages = await readPages()
  const measurements = await measureAll((await patternOrder()).names, {}, withRunner, onProgress)
  const blocks = markdownBlocks(measurements)
  return [...deviations(measurements), ...pages.flatMap((page) => differences(page, blocks))]
}

/**
 * Puts what was measured into the pages.
 * @param root the checkout
 * @throws {UserError} where the measurement has a hole or contradicts a declaration, which somebody must explain first
 */
export async function writeMeasured(measurements: readonly Measurement[], root?: string): Promise<void> {
  const pages = await readPages(root)
  const [first, ...others] = deviations(measurements)
  if (first) throw new UserError(`the pages stay as they are, for this and ${others.length} more: ${first}`)
  const blocks = markdownBlocks(measurements)
  for (const page of pages) await writePage(fillIn(page, blocks), root)
}

/** The page with its tables as they were just measured. */
export function fillIn(page: Page, blocks: Blocks): Page {
  const text = measuredTables(page).reduce(
    (filled, name) => withBlock(filled, name, blocks[name], page.path),
    page.text,
  )
  return { ...page, text }
}

/** The tables of a page that say something else than what was just measured: each with its first line that differs. */
export function differences(page: Page, blocks: Blocks): string[] {
  const written = blocksIn(page.text)
  return measuredTables(page).flatMap((name) => {
    const [shown, measured] = [written.get(name) ?? '', blocks[name]].map((text) => text.split('\n'))
    const length = Math.max(shown?.length ?? 0, measured?.length ?? 0)
    const at = Array.from({ length }).findIndex((_, line) => shown?.[line] !== measured?.[line])
    if (at < 0) return []
    const [says, is] = [shown?.[at] ?? '', measured?.[at] ?? '']
    return [`${page.path}, ${name}: says "${says}" and measured is "${is}"; pnpm run compare --write`]
  })
}

function measuredTables({ tables }: Page): BlockName[] {
  return blockNames.filter((name) => tables.includes(name))
}
