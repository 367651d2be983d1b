import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { findPattern, isOwnFolder, patternFiles, patternNames } from './load-pattern.ts'
import { readHeader } from './pattern-header.ts'

export interface StructureFinding {
  readonly name: string
  /** Empty where the folder is as it must be. */
  readonly problems: readonly string[]
}

const exportsOf = { 'mcp-auth.ts': 'authHandler', 'service-auth.ts': 'getIdentity' } as const

/** A pattern's code, header left aside, is at most this long: it is the lesson, and the presets are the plumbing. */
const maxCodeLines = 60

/**
 * Checks that pattern folders diff clean: exactly two files, one fixed export each, a header, few lines.
 * @param patterns numbers, names or paths; none: the ladder
 * @throws {UserError} where there is no such folder
 */
export async function checkStructure(patterns: readonly string[] = []): Promise<StructureFinding[]> {
  const names = patterns.length > 0 ? patterns : await patternNames()
  return Promise.all(names.map(async (name) => checkFolder(await findPattern(name))))
}

async function checkFolder(folder: string): Promise<StructureFinding> {
  const files = (await readdir(folder)).sort()
  const allowed: readonly string[] = isOwnFolder(folder) ? [...patternFiles, 'tsconfig.json'] : patternFiles
  const extra = files.filter((file) => !allowed.includes(file))
  const missing = patternFiles.filter((file) => !files.includes(file))
  const problems = [
    ...extra.map((file) => `${file}: a third file; a pattern is exactly ${patternFiles.join(' and ')}`),
    ...missing.map((file) => `${file}: missing`),
  ]
  for (const file of patternFiles) {
    if (!missing.includes(file)) problems.push(...(await checkFile(folder, file)))
  }
  return { name: basename(folder), problems }
}

async function checkFile(folder: string, file: (typeof patternFiles)[number]): Promise<string[]> {
  const source = await readFile(join(folder, file), 'utf8')
  const problems: string[] = []
  const header = readHeader(source)
  if ('missing' in header) problems.push(`${file}: needs ${header.missing}`)
  else if (!isOwnFolder(folder) && !header.stillAllows) {
    problems.push(`${file}: needs a line "Still allows: …"`)
  }
  const code = source
    .replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
    .trimEnd()
    .split('\n')
  if (code.length > maxCodeLines)
    problems.push(`${file}: ${code.length} lines of code, at most ${maxCodeLines}`)
  const exported = [...source.matchAll(/^export (?:default|\w+ (\w+)|[*{])/gm)].map(
    (match) => match[1] ?? match[0],
  )
  if (exported.join() !== exportsOf[file]) {
    problems.push(
      `${file}: must export ${exportsOf[file]} and nothing else, and exports ${exported.join(', ') || 'nothing'}`,
    )
  }
  return problems
}
