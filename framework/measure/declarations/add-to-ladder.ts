import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../process/user-error.ts'
import { patternFiles } from '../../runner/load-pattern.ts'
import { baseIn, type LadderFolders, ladder, notebookOf } from './check-ladder.ts'

/** A file to write, by its path. */
interface NewFile {
  readonly path: string
  readonly text: string
}

/** The two kinds of pattern: the next rung, or a branch whose base is the pattern that it starts as. */
export type Kind = 'rung' | 'branch'

/**
 * Adds a pattern to this project as a copy of another one: its two files, its declaration and its notebook, in which
 * number and baseline are the new ones. The declaration of a branch names its base too. The notebook's outputs are left for `pnpm run notebooks:update`.
 * @param name `p17-name`
 * @param from folder name of the pattern to start from: a rung stands on a rung, a branch on any pattern
 * @returns the paths of the four files
 * @throws {UserError} if the name is no pattern's name, or its number is taken; then nothing is written
 */
export async function addToLadder(
  name: string,
  from: string,
  folders: LadderFolders = ladder,
  kind: Kind = 'rung',
): Promise<string[]> {
  if (!/^p\d\d-[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    throw new UserError(`"${name}" is no name for a pattern: call it pNN-name, in lower case`)
  }
  const number = name.slice(0, 3)
  const taken = (await readdir(folders.patterns)).find((each) => each.startsWith(`${number}-`))
  if (taken) throw new UserError(`${number} is taken by ${taken}: choose another number`)
  if (kind === 'rung' && baseIn(await readDeclaration(from, folders))) {
    throw new UserError(`${from} is a branch, and a rung stands on a rung: use --branch`)
  }
  const files = [
    ...(await patternFilesFor(name, from, folders)),
    await declarationFor(name, from, folders, kind),
    await notebookFor(name, from, folders),
  ]
  const present = files.find(({ path }) => existsSync(path))
  if (present) throw new UserError(`${present.path} exists already: remove it, or choose another name`)
  await mkdir(join(folders.patterns, name))
  for (const { path, text } of files) await writeFile(path, text, { flag: 'wx' })
  return files.map(({ path }) => path)
}

async function patternFilesFor(name: string, from: string, { patterns }: LadderFolders): Promise<NewFile[]> {
  const [mine, theirs] = [name.slice(0, 3), from.slice(0, 3)]
  return Promise.all(
    patternFiles.map(async (file) => ({
      path: join(patterns, name, file),
      text: (await readFile(join(patterns, from, file), 'utf8'))
        .replace(` * ${theirs} `, ` * ${mine} `)
        .replace(/^ \* Baseline: \S+$/m, ` * Baseline: ${theirs}.`),
    })),
  )
}

async function declarationFor(
  name: string,
  from: string,
  folders: LadderFolders,
  kind: Kind,
): Promise<NewFile> {
  const base = kind === 'branch' ? `\n  base: '${from.slice(0, 3)}',` : ''
  const source = (await readDeclaration(from, folders)).replace(/^ {2}base: .*\n/m, '')
  return {
    path: join(folders.declarations, `${name}.ts`),
    text: source.replace(/^ {2}title: .*$/m, `  title: '${titleOf(name)}',${base}`),
  }
}

function readDeclaration(name: string, { declarations }: LadderFolders): Promise<string> {
  return readFile(join(declarations, `${name}.ts`), 'utf8')
}

async function notebookFor(name: string, from: string, { notebooks }: LadderFolders): Promise<NewFile> {
  const notebook = JSON.parse(await readFile(join(notebooks, notebookOf(from)), 'utf8')) as Notebook
  const [mine, theirs] = [name.slice(0, 3), from.slice(0, 3)]
  const renumbered = (lines: readonly string[]) =>
    lines.map((line) =>
      line.replaceAll(`'${theirs}'`, `'${mine}'`).replaceAll(`pattern ${theirs}`, `pattern ${mine}`),
    )
  const [title, ...cells] = notebook.cells.map((cell) => ({
    ...cell,
    source: renumbered(cell.source),
    ...(cell.metadata.solution && {
      metadata: { ...cell.metadata, solution: renumbered(cell.metadata.solution) },
    }),
    ...(cell.cell_type === 'code' && { outputs: [], execution_count: null }),
  }))
  const heading = [`# ${mine.slice(1)} ${titleOf(name)}\n`, ...(title?.source.slice(1) ?? [])]
  return {
    path: join(notebooks, notebookOf(name)),
    text: `${JSON.stringify({ ...notebook, cells: [{ ...title, source: heading }, ...cells] }, null, 1)}\n`,
  }
}

/** The parts of a notebook file (nbformat 4.5) that are changed here. */
interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string
    readonly source: readonly string[]
    readonly metadata: { readonly solution?: readonly string[] }
  }[]
}

/** `p17-name-of-it`: "Name of it". */
function titleOf(name: string): string {
  const words = name.slice('p00-'.length).replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
