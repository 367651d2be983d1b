import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../../process/folders.ts'
import { UserError } from '../../process/user-error.ts'
import { choiceParts } from '../choose/page.ts'
import { blocksIn } from './blocks.ts'
import { catalogueParts } from './catalogue-tables.ts'

/** The beginning of the name of a part that shows the output of a command: `output:pattern p06`. */
export const outputPrefix = 'output:'

/** A page with generated parts, as it is now. */
export interface Page {
  /** Relative to the checkout. */
  readonly path: string
  readonly text: string
  /** The tables that it must have, by the name of the generated part. */
  readonly tables: readonly string[]
}

/** The tables of each page. */
export const tablesOf: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['ladder', 'compare:table', 'compare:signature'],
  'docs/measured.md': ['compare:attacks', 'compare:cells'],
  'docs/owasp.md': catalogueParts,
  'docs/choose.md': choiceParts,
}

/**
 * Reads the pages that have generated parts.
 * @throws {UserError} where a page is missing, lacks a table, or has a part that nothing fills
 */
export async function readPages(folder: string = projectFolder): Promise<Page[]> {
  return Promise.all(
    Object.entries(tablesOf).map(async ([path, tables]) => {
      const text = await readFile(join(folder, path), 'utf8').catch(() => {
        throw new UserError(`${path} is missing: restore it with git`)
      })
      checkParts({ path, text, tables })
      return { path, text, tables }
    }),
  )
}

export async function writePage({ path, text }: Page, folder: string = projectFolder): Promise<void> {
  await writeFile(join(folder, path), text)
}

function checkParts({ path, text, tables }: Page): void {
  const names = [...blocksIn(text).keys()]
  const missing = tables.find((name) => !names.includes(name))
  if (missing !== undefined) {
    throw new UserError(
      `${path} has no place for ${missing}: put <!-- ${missing} --> and <!-- /${missing} --> into it`,
    )
  }
  const unknown = names.find((name) => !tables.includes(name) && !name.startsWith(outputPrefix))
  if (unknown !== undefined) {
    throw new UserError(
      `${path}: nothing fills <!-- ${unknown} -->; remove it, or show a command by <!-- ${outputPrefix}… -->`,
    )
  }
}
