import { choiceTables } from '../choose/page.ts'
import { blocksIn, withBlock } from './blocks.ts'
import { catalogueTables } from './catalogue-tables.ts'
import { staleDiffs, writeDiffs } from './diffs.ts'
import { ladderTable } from './ladder-table.ts'
import { Outputs, stable } from './outputs.ts'
import { type Page, readPages, writePage } from './pages.ts'

/**
 * Compares what the pages show with a fresh run of each command, with the pattern files and with the declarations.
 * What needs a measurement is compared by `checkMeasured`.
 * @param root the checkout
 * @returns one line for each difference
 * @throws {UserError} where a page has a part that nothing fills, or lacks one
 */
export async function staleParts(root?: string): Promise<string[]> {
  const outputs = new Outputs()
  const stale: string[] = []
  for (const page of await readPages(root)) {
    const written = blocksIn(page.text)
    for (const [name, content] of await contentsOf(page, outputs)) {
      if (stable(content) === stable(written.get(name) ?? '')) continue
      stale.push(`${page.path}, ${name}: not what a run gives; pnpm run check --write`)
    }
  }
  return [...stale, ...(await staleDiffs(root))]
}

/** Writes what {@link staleParts} compares. */
export async function writeParts(root?: string): Promise<void> {
  const outputs = new Outputs()
  for (const page of await readPages(root)) {
    let { text } = page
    for (const [name, content] of await contentsOf(page, outputs))
      text = withBlock(text, name, content, page.path)
    await writePage({ ...page, text }, root)
  }
  await writeDiffs(root)
}

async function contentsOf(page: Page, outputs: Outputs): Promise<Map<string, string>> {
  const contents = await outputs.of(page)
  if (page.tables.includes('ladder')) contents.set('ladder', await ladderTable())
  if (page.path === 'docs/owasp.md')
    for (const [name, table] of await catalogueTables()) contents.set(name, table)
  if (page.path === 'docs/choose.md')
    for (const [name, part] of await choiceTables()) contents.set(name, part)
  return contents
}
