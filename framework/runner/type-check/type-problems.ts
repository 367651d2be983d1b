import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../process/user-error.ts'
import { patternFiles } from '../load-pattern.ts'
import { type Complaint, complaintsIn } from './complaints.ts'
import { located } from './locate.ts'
import { patternTsconfig } from './pattern-tsconfig.ts'

/** A complaint of TypeScript about a pattern's folder, at the line that a person has to look at. */
export interface TypeProblem {
  /** Name of the file in the folder: `service-auth.ts`. */
  readonly file: string
  readonly line: number
  readonly message: string
}

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

/**
 * Type-checks the files of a pattern's folder, wherever it stands; nothing is written into it. It takes less than a
 * second, in a process of its own: start it first and await it last.
 * @param options.signal ends it
 * @param options.files the names of its files; default: the two of a pattern
 * @param options.packages packages that these may import as well, with the path of their types in the checkout
 * @returns what TypeScript complains of, in the order of the lines; empty where it has nothing to say, and for a folder
 *   without the files
 * @throws {UserError} where TypeScript cannot be run
 */
export async function typeProblems(
  folder: string,
  options: {
    readonly signal?: AbortSignal
    readonly files?: readonly string[]
    readonly packages?: Readonly<Record<string, string>>
  } = {},
): Promise<TypeProblem[]> {
  const home = await realpath(resolve(folder))
  const files = (options.files ?? patternFiles)
    .map((file) => join(home, file))
    .filter((path) => existsSync(path))
  if (files.length === 0) return []
  const scratch = await mkdtemp(join(tmpdir(), 'lab-types-'))
  try {
    const project = join(scratch, 'tsconfig.json')
    // Without an `include` of its own it would have the project's: all of it would be checked.
    await writeFile(
      project,
      JSON.stringify({ ...patternTsconfig(undefined, options.packages), include: [], files }),
    )
    const complaints = await compile(project, home, options.signal)
    const inFolder = complaints.filter(({ path }) => dirname(resolve(home, path)) === home)
    return await problemsOf(home, inFolder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function compile(project: string, cwd: string, signal: AbortSignal | undefined): Promise<Complaint[]> {
  const options = { cwd, maxBuffer: 16 * 1024 * 1024, ...(signal && { signal }) }
  try {
    await promisify(execFile)(process.execPath, [tsc, '--project', project, '--pretty', 'false'], options)
    return []
  } catch (error) {
    signal?.throwIfAborted()
    const complaints = complaintsIn(String((error as { stdout?: unknown }).stdout ?? ''))
    if (complaints.length > 0) return complaints
    throw new UserError(
      `the types cannot be checked (${(error as Error).message.trim().split('\n').at(-1)}): install again with pnpm install`,
      { cause: error },
    )
  }
}

/** One problem for each line and message: a Promise that nobody awaited is told at each of its uses. */
async function problemsOf(home: string, complaints: readonly Complaint[]): Promise<TypeProblem[]> {
  const problems = new Map<string, TypeProblem>()
  for (const complaint of complaints) {
    const file = basename(complaint.path)
    const lines = (await readFile(join(home, file), 'utf8')).split('\n')
    const problem = { file, ...located(lines, complaint) }
    problems.set(JSON.stringify(problem), problem)
  }
  return [...problems.values()]
}
