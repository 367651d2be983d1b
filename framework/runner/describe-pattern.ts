import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UserError } from '../process/user-error.ts'
import { findPattern, patternFiles } from './load-pattern.ts'
import { type PatternHeader, readHeader } from './pattern-header.ts'

/** A pattern as its reader sees it: the source of its two files, and their headers. Nothing of it is run. */
export interface PatternDescription {
  readonly name: string
  readonly folder: string
  readonly source: Readonly<Record<(typeof patternFiles)[number], string>>
  readonly mcpAuth: PatternHeader
  readonly serviceAuth: PatternHeader
}

const noHeader: PatternHeader = { title: '', summary: '', stillAllows: '', baseline: 'none' }

/**
 * Reads a pattern's two files without loading them.
 * @throws {UserError} where there is no such folder, or a file is missing
 */
export async function describePattern(which: string): Promise<PatternDescription> {
  const folder = await findPattern(which)
  const [mcp, service] = await Promise.all(patternFiles.map((file) => sourceOf(folder, file)))
  return {
    name: basename(folder),
    folder,
    source: { 'mcp-auth.ts': mcp as string, 'service-auth.ts': service as string },
    mcpAuth: headerOf(mcp as string),
    serviceAuth: headerOf(service as string),
  }
}

async function sourceOf(folder: string, file: string): Promise<string> {
  return readFile(join(folder, file), 'utf8').catch(() => {
    throw new UserError(`${folder} has no ${file}: a pattern is a folder with ${patternFiles.join(' and ')}`)
  })
}

/** A pattern of your own may do without a header; `pnpm run check` requires one on the ladder. */
function headerOf(source: string): PatternHeader {
  const header = readHeader(source)
  return 'missing' in header ? noHeader : header
}
