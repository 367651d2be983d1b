import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { blocksIn, withBlock } from './blocks.ts'
import { outputOf, shownOutputs, stable } from './outputs.ts'

export const readmeFile = fileURLToPath(new URL('../../../README.md', import.meta.url))

/** The README's shown outputs that a fresh run does not give; empty where all do. */
export async function staleOutputs(file = readmeFile): Promise<string[]> {
  const markdown = await readFile(file, 'utf8')
  const blocks = blocksIn(markdown)
  const stale: string[] = []
  for (const name of shownOutputs(markdown)) {
    if (stable(await outputOf(name)) !== stable(blocks.get(name) ?? '')) stale.push(name)
  }
  return stale
}

/** Runs every command whose output the README shows, and writes what it printed. */
export async function writeOutputs(file = readmeFile): Promise<void> {
  let markdown = await readFile(file, 'utf8')
  for (const name of shownOutputs(markdown)) markdown = withBlock(markdown, name, await outputOf(name))
  await writeFile(file, markdown)
}
