import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, projectFolder } from '../../process/folders.ts'
import { run } from '../../process/tools.ts'
import { UserError } from '../../process/user-error.ts'
import type { Language, Mistake } from './language.ts'

/** A language's service, ready to run. */
export interface Prepared {
  /** The folder that it is run in. */
  readonly folder: string
  /** The command that runs it there. */
  readonly start: readonly string[]
  remove(): void
}

const home = () => join(cacheFolder(process.env), 'take-home')

/** The programs that a language needs and this machine lacks, each with where to get it. */
export function lacking({ needs }: Language): string[] {
  return Object.entries(needs)
    .filter(([, { version }]) => run(version[0] ?? '', version.slice(1)).status !== 0)
    .map(([program, { at }]) => `${program} (${at})`)
}

/** Installs what a language's service depends on, once for each state of its lockfile. @returns the folder */
export function install(language: Language): string {
  const { folder, dependencyFiles, install: commands } = language
  const source = sourceOf(language)
  const digest = createHash('sha256').update(JSON.stringify(commands))
  for (const file of dependencyFiles) digest.update(readFileSync(join(source, file)))
  const deps = join(home(), `${folder}-${digest.digest('hex').slice(0, 12)}`)
  const done = join(deps, '.installed')
  if (existsSync(done)) return deps
  mkdirSync(deps, { recursive: true })
  for (const file of dependencyFiles) cpSync(join(source, file), join(deps, file))
  for (const command of commands)
    runOrThrow(
      command.map((word) => word.replaceAll('{deps}', deps)),
      deps,
    )
  writeFileSync(done, '')
  return deps
}

/**
 * Builds a service in a copy of its folder.
 * @param mistake is made in that copy
 * @throws {UserError} where it cannot be built, or the mistake has no place in it
 */
export function prepare(language: Language, deps: string, mistake?: Mistake): Prepared {
  mkdirSync(home(), { recursive: true })
  const folder = mkdtempSync(join(home(), 'run-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const inPlace = (command: readonly string[]) =>
    command.map((word) => word.replaceAll('{deps}', deps).replaceAll('{folder}', folder))
  try {
    for (const file of readdirSync(sourceOf(language))) {
      if (!notSource.has(file))
        cpSync(join(sourceOf(language), file), join(folder, file), { recursive: true })
    }
    if (mistake) make(mistake, folder, language)
    for (const command of language.build) runOrThrow(inPlace(command), folder)
    return { folder, start: inPlace(language.start), remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** The source files that nobody would read on a page, a line each. */
export function tooLong(language: Language): string[] {
  return readdirSync(sourceOf(language))
    .filter((file) => language.source.test(file))
    .map(
      (file) =>
        [
          file,
          readFileSync(join(sourceOf(language), file), 'utf8')
            .trimEnd()
            .split('\n').length,
        ] as const,
    )
    .filter(([, lines]) => lines >= longest)
    .map(
      ([file, lines]) =>
        `docs/take-home/${language.folder}/${file} has ${lines} lines; they stay under ${longest}`,
    )
}

/** A file of this many lines is too long for a page. */
const longest = 80

const notSource = new Set(['node_modules', '.venv', '__pycache__', 'target'])

function sourceOf({ folder }: Language): string {
  return join(projectFolder, 'docs/take-home', folder)
}

function make({ file, from, to, what }: Mistake, folder: string, { name }: Language): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2) {
    throw new UserError(
      `${name}, "${what}": ${file} has no single "${from}"; change the mistake in languages.ts`,
    )
  }
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
}

function runOrThrow([command = '', ...args]: readonly string[], cwd: string): void {
  const { status, output } = run(command, args, { cwd })
  if (status === 0) return
  throw new UserError(`${command} ${args.join(' ')} failed in ${cwd}: ${output.trim().slice(-3_000)}`)
}
