import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix, relative } from 'node:path'
import { parseAst } from 'vitest/node'
import { packages } from './rooms.ts'

/** One import of one file from another, both by their paths from the project's root. */
export interface Import {
  readonly from: string
  readonly to: string
}

const folders = ['framework', 'services', 'patterns']

/**
 * Reads every import between files of the project: values and types, static and dynamic, re-exports, tests too. A
 * dynamic import whose target is computed is left out: that is how patterns and declarations are loaded.
 * @throws {SyntaxError} for a file that cannot be parsed
 */
export async function readImports(root: string): Promise<Import[]> {
  const files = (await Promise.all(folders.map((folder) => sourcesIn(join(root, folder))))).flat()
  const imports = await Promise.all(
    files.map(async (path) => {
      const from = relative(root, path).split('\\').join('/')
      const targets = targetsIn(await readFile(path, 'utf8'), path)
      return targets.flatMap((target) => {
        const to = resolved(from, target)
        return to === undefined ? [] : [{ from, to }]
      })
    }),
  )
  return imports.flat()
}

async function sourcesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && /(?<!\.d)\.(ts|mts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
}

/** A relative import, or one of the project's packages; undefined for a package from elsewhere. */
function resolved(from: string, target: string): string | undefined {
  if (target.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), target))
  return packages[target]
}

interface Node {
  readonly type: string
  readonly source?: { readonly type: string; readonly value?: unknown } | null
  readonly argument?: { readonly literal?: { readonly value?: unknown } }
}

function targetsIn(source: string, path: string): string[] {
  const targets: string[] = []
  const visit = (node: Node): void => {
    const target = targetOf(node)
    if (typeof target === 'string') targets.push(target)
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child)
  }
  try {
    visit(parseAst(source, { lang: path.endsWith('.mjs') ? 'js' : 'ts', astType: 'ts' }) as unknown as Node)
  } catch (cause) {
    throw new SyntaxError(`${path}: cannot be parsed`, { cause })
  }
  return targets
}

function targetOf({ type, source, argument }: Node): unknown {
  if (/^(Import|Export\w+)Declaration$|^ImportExpression$/.test(type)) return source?.value
  if (type === 'TSImportType') return source?.value ?? argument?.literal?.value
  return undefined
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}
