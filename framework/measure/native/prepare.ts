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
import { basename, dirname, join, relative } from 'node:path'
import { cacheFolder, projectFolder } from '../../process/folders.ts'
import { say } from '../../process/terminal.ts'
import { run } from '../../process/tools.ts'
import { UserError } from '../../process/user-error.ts'
import type { Change, NativeProgram } from './native-program.ts'

/** A program, ready to run. */
export interface Prepared {
  /** The folder that it is run in. */
  readonly folder: string
  /** The command that runs it there. */
  readonly start: readonly string[]
  remove(): void
}

/** The folder for what the programs of docs/x/ leave behind, outside of the checkout. */
const homeOf = ({ folder }: NativeProgram) =>
  join(cacheFolder(process.env), relative('docs', dirname(folder)))

/** The programs that this one needs and the machine lacks, each with where to get it. */
export function lacking({ needs }: NativeProgram): string[] {
  return Object.entries(needs)
    .filter(([, { version }]) => run(version[0] ?? '', version.slice(1)).status !== 0)
    .map(([program, { at }]) => `${program} (${at})`)
}

/** Installs what a program depends on, once for each state of its lockfile. @returns the folder */
export function install(program: NativeProgram): string {
  const { folder, dependencyFiles, install: commands } = program
  const source = join(projectFolder, folder)
  const digest = createHash('sha256').update(JSON.stringify(commands))
  for (const file of dependencyFiles) digest.update(readFileSync(join(source, file)))
  const deps = join(homeOf(program), `${basename(folder)}-${digest.digest('hex').slice(0, 12)}`)
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
 * Builds a program in a copy of its folder.
 * @param changes are made in that copy
 * @throws {UserError} where it cannot be built, or a change has no place in it
 */
export function prepare(program: NativeProgram, deps: string, changes: readonly Change[] = []): Prepared {
  const source = join(projectFolder, program.folder)
  mkdirSync(homeOf(program), { recursive: true })
  const folder = mkdtempSync(join(homeOf(program), 'run-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const inPlace = (command: readonly string[]) =>
    command.map((word) => word.replaceAll('{deps}', deps).replaceAll('{folder}', folder))
  try {
    for (const file of readdirSync(source)) {
      if (!notSource.has(file)) cpSync(join(source, file), join(folder, file), { recursive: true })
    }
    for (const change of changes) make(change, folder, program)
    for (const command of program.build) runOrThrow(inPlace(command), folder)
    return { folder, start: inPlace(program.start), remove }
  } catch (error) {
    remove()
    throw error
  }
}

const notSource = new Set(['node_modules', '.venv', '__pycache__', 'target'])

function make({ file, from, to, what }: Change, folder: string, { name }: NativeProgram): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2) {
    throw new UserError(`${name}, "${what}": ${file} has no single "${from}"; adapt the change to the source`)
  }
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
}

function runOrThrow([command = '', ...args]: readonly string[], cwd: string): void {
  const { status, output } = run(command, args, { cwd })
  if (status === 0) return
  say(output.trim().slice(-3_000))
  throw new UserError(`${command} ${args.join(' ')} failed in ${cwd}: the lines above say why`)
}
