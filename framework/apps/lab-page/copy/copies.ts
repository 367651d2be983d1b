import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { visible } from '@lab/contract'
import { declaredOutcome } from '../../../measure/declarations/declared-outcome.ts'
import { loadDeclaration } from '../../../measure/declarations/load-declarations.ts'
import { createFolder } from '../../../process/create-folder.ts'
import { lab } from '../../../process/how-to-run.ts'
import { shellWord } from '../../../process/shell-word.ts'
import { shortPath } from '../../../process/short-path.ts'
import { UserError } from '../../../process/user-error.ts'
import { describePattern } from '../../../runner/describe-pattern.ts'
import { patternFiles } from '../../../runner/load-pattern.ts'
import type { StackFlags } from '../../../runner/stack-from.ts'
import type { Outcomes } from '../../../scenario/outcomes.ts'
import { newFolder } from '../../cli/new-folder.ts'
import { ownFiles } from '../../cli/own-folder/own-files.ts'
import { Job } from '../job.ts'
import { CopyProcess } from './copy-process.ts'

export type CopyFiles = Readonly<Record<(typeof patternFiles)[number], string>>

/** A save, a run or a reset came from a page that did not know the last version. */
export class OlderVersion extends UserError {}

type Runner = Pick<CopyProcess, 'warm' | 'measure' | 'abort' | 'stop'>

/** A person's own version of a pattern, in the memory of the server. */
interface Copy {
  readonly original: CopyFiles
  files: CopyFiles
  version: number
  job: Job | undefined
}

/** The copies of one browser session, at most one of each pattern, and the process that runs them one at a time. */
export class Copies {
  readonly #all = new Map<string, Copy>()
  readonly #process: Runner
  readonly #isOwnStack: boolean
  #folder: string | undefined
  #running: { readonly pattern: string; readonly job: Job; readonly end: Promise<void> } | undefined
  #isStopped = false

  /** @param flags choose the stack, as on the command line */
  constructor(flags: StackFlags, process: Runner = new CopyProcess(flags)) {
    this.#process = process
    this.#isOwnStack = flags.realm !== undefined || flags.policy !== undefined
  }

  get isBusy(): boolean {
    return this.#running !== undefined
  }

  /** The copy of a pattern; null where nobody has made one. */
  of(pattern: string) {
    const copy = this.#all.get(pattern)
    if (!copy) return null
    const { original, files, version, job } = copy
    return {
      pattern,
      original,
      files,
      version,
      job: job?.id ?? null,
      isRunning: this.#running?.pattern === pattern,
    }
  }

  /** Makes a copy, or finds the one that there is, and gets its stack ready. */
  async make(pattern: string): Promise<void> {
    const { source } = await describePattern(pattern)
    if (!this.#all.has(pattern)) {
      this.#all.set(pattern, { original: source, files: source, version: 1, job: undefined })
    }
    if (!this.#running) this.#process.warm(pattern)
  }

  /**
   * Takes what was typed.
   * @param version the one that the page started from
   * @returns the new version; the same one where nothing differs
   * @throws {OlderVersion} where another page has saved since
   */
  save(pattern: string, version: number, files: CopyFiles): number {
    const copy = this.#at(pattern, version)
    if (patternFiles.some((file) => files[file] !== copy.files[file])) {
      copy.files = files
      copy.version++
    }
    return copy.version
  }

  /**
   * Runs the copy: its job tells each cell and attack, with what the pattern itself is declared to do.
   * @throws {OlderVersion} where another page has saved since
   * @throws {UserError} while a copy runs
   */
  run(pattern: string, version: number): Job {
    const copy = this.#at(pattern, version)
    if (this.#running) {
      throw new UserError(
        `the copy of ${shortOf(this.#running.pattern)} runs already: wait for it, or stop it`,
      )
    }
    const job = new Job()
    copy.job = job
    const end = this.#carryOut(pattern, copy.files, job).finally(() => {
      this.#running = undefined
      // Where the process is gone, the next run need not wait for another one.
      if (!this.#isStopped) this.#process.warm(pattern)
    })
    this.#running = { pattern, job, end }
    return job
  }

  /** Stops the run of a copy, where it goes on. */
  async abort(pattern: string): Promise<void> {
    if (this.#running?.pattern === pattern) await this.#halt('you stopped it')
  }

  /**
   * Writes the copy to a new folder, as `new` does.
   * @returns the folder, and the command that runs it
   * @throws {UserError} for a name that `new` would refuse
   */
  async keep(pattern: string, version: number, name: string): Promise<{ folder: string; command: string }> {
    const { files, original } = this.#at(pattern, version)
    const origin = await describePattern(pattern)
    const folder = await newFolder(name)
    const made = ownFiles(folder, { ...origin, source: files })
    // A header that the person has changed stays theirs.
    const own = patternFiles.filter((file) => headerOf(files[file]) !== headerOf(original[file]))
    await createFolder(folder, { ...made, ...Object.fromEntries(own.map((file) => [file, files[file]])) })
    const command = lab(`pattern ${shellWord(shortPath(folder))} --watch`)
    return { folder: visible(folder), command: visible(command) }
  }

  /** Ends the process, and removes what was written for it. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#all.clear()
    await this.#halt('the session ended')
    await this.#process.stop()
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }

  async #halt(why: string): Promise<void> {
    // Also where its process has not begun with it.
    this.#running?.job.tell('failed', { message: why })
    this.#process.abort()
    await this.#running?.end
  }

  #at(pattern: string, version: number): Copy {
    const copy = this.#all.get(pattern)
    if (!copy) throw new UserError(`there is no copy of ${shortOf(pattern)} in this session: make one first`)
    if (copy.version !== version) {
      throw new OlderVersion(
        `another page has saved version ${copy.version} of this copy, and this one knows version ${version}: nothing was changed`,
      )
    }
    return copy
  }

  async #carryOut(pattern: string, files: CopyFiles, job: Job): Promise<void> {
    let ending = ''
    try {
      const declaration = this.#isOwnStack ? undefined : await loadDeclaration(pattern)
      const folder = await this.#write(pattern, files, job.id)
      // The person knows the two files and no path.
      const near = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, 'your copy')
      if (!job.isOver) {
        ending = await this.#process.measure(pattern, folder, {
          onProblem: ({ file, line, message }) => job.tell('problem', { file, line, message: near(message) }),
          onCell: ({ reason, ...cell }) => {
            const before = declaredCell(declaration?.cells, cell)
            job.tell('cell', { ...cell, reason: near(reason), before })
          },
          onAttack: ({ id, outcome, reason }) => {
            const before = declaration ? declaredOutcome(declaration, id) : ''
            job.tell('attack', { id, outcome, reason: near(reason), before })
          },
          onSaid: (text) => job.tell('said', { text: near(text) }),
        })
      }
      await rm(folder, { recursive: true, force: true })
    } catch (error) {
      ending = error instanceof Error ? error.message : String(error)
    }
    if (ending === '') job.tell('done', {})
    else job.tell('failed', { message: ending })
  }

  /** Each run has a folder of its own: a module is loaded once by its path. */
  async #write(pattern: string, files: CopyFiles, run: string): Promise<string> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'lab-copy-'))
    const folder = join(this.#folder, run, `my-${shortOf(pattern)}`)
    await mkdir(folder, { recursive: true })
    for (const file of patternFiles) await writeFile(join(folder, file), files[file])
    return folder
  }
}

/** The outcome of a cell that is declared for the pattern itself; empty where none is. */
function declaredCell(
  cells: Outcomes | undefined,
  { user, prompt }: { user: string; prompt: number },
): string {
  const sign = cells?.[user]?.[prompt - 1]
  return sign === undefined ? '' : sign === '+' ? 'allowed' : 'denied'
}

function shortOf(pattern: string): string {
  return pattern.slice(0, 'p00'.length)
}

function headerOf(source: string): string {
  return /^\/\*\*[\s\S]*?\*\//.exec(source)?.[0] ?? ''
}
