import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { visible } from '@lab/contract'
import { projectFolder } from '../../process/folders.ts'
import { typeProblems } from '../../runner/type-check/type-problems.ts'
import type { WorkLab } from './load-labs.ts'
import { givenFiles, leakedFiles, startFiles } from './start-files.ts'

/** The learner's own folder: git ignores it. `MY_LABS` names another, where the checkout cannot be written. */
export function myLabsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.MY_LABS || join(projectFolder, 'my-labs')
}

/** The learner's files of one lab. */
export class MyFiles {
  readonly folder: string
  readonly #home: string
  readonly #lab: Pick<WorkLab, 'folder' | 'lab'>

  constructor(home: string, { id, ...lab }: Pick<WorkLab, 'id' | 'folder' | 'lab'>) {
    this.#home = home
    this.folder = join(home, id)
    this.#lab = lab
  }

  /**
   * Lays out what the lab gives; where the learner has the folder already, only a log that is missing.
   * @returns true for a new folder
   */
  async open(): Promise<boolean> {
    await mkdir(this.#home, { recursive: true })
    await this.#writeTsconfig()
    const isNew = !existsSync(this.folder)
    await mkdir(this.folder, { recursive: true })
    const files = isNew ? await givenFiles(this.#lab) : await leakedFiles(this.#lab)
    for (const [name, text] of files) {
      if (!existsSync(join(this.folder, name))) await writeFile(join(this.folder, name), text)
    }
    return isNew
  }

  /** Lays it out afresh. @returns where the learner's files are kept */
  async reset(): Promise<string | undefined> {
    const kept = join(this.#home, '.kept', `${relative(this.#home, this.folder)}-${Date.now()}`)
    const had = existsSync(this.folder)
    if (had) {
      await mkdir(join(kept, '..'), { recursive: true })
      await rename(this.folder, kept)
    }
    await this.open()
    return had ? kept : undefined
  }

  /** The files that the learner works with, as a person would type their names. */
  async names(): Promise<string[]> {
    const files = await givenFiles(this.#lab)
    return [...files.keys()].map((file) => shown(join(this.folder, file)))
  }

  /** The complaints of TypeScript about them, one line each. */
  async typeProblems(signal: AbortSignal): Promise<string[]> {
    const files = [...(await startFiles(this.#lab)).keys()]
    const packages = { '@lab/framework/learn': 'framework/apps/learn/index.ts' }
    const found = await typeProblems(this.folder, { signal, files, packages })
    return found.map(({ file, line, message }) => visible(`${file}:${line}: ${message}`))
  }

  /** A fingerprint of what the lab gives: it changes with an update of the checkout. */
  async fingerprint(): Promise<string> {
    const hash = createHash('sha256')
    for (const [name, text] of await givenFiles(this.#lab)) hash.update(`${name}\n${text}\n`)
    return hash.digest('base64url').slice(0, 16)
  }

  /** The learner's code without comments and layout: where it stays the same, nothing has to be judged again. */
  async code(): Promise<string> {
    const files = existsSync(this.folder) ? await readdir(this.folder) : []
    const texts = files
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map(
        async (file) => `${file}\n${codeOf(await readFile(join(this.folder, file), 'utf8').catch(() => ''))}`,
      )
    return (await Promise.all(texts)).join('\n')
  }

  /** For the editor: the checkout's rules, with unused names allowed while somebody tries things. */
  async #writeTsconfig(): Promise<void> {
    const path = join(this.#home, 'tsconfig.json')
    if (existsSync(path)) return
    const config = {
      extends: relative(this.#home, join(projectFolder, 'tsconfig.json')),
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ['*/*.ts'],
    }
    await writeFile(path, `${JSON.stringify(config, null, 2)}\n`)
  }
}

function codeOf(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(\/\/|\/\*|\*)/.test(line))
    .join('\n')
}

/** A path as seen from the working directory, where that is shorter. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path)
  return near.startsWith('..') ? path : near
}
