import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../process/user-error.ts'

/** The version of the file's form. An older one is read, and kept beside; a newer one is left alone. */
const schema = 1

/** The state of one lab for the learner. */
export interface LabProgress {
  readonly opened: string
  readonly solved?: string
  /** The number of hints that were read. */
  readonly hints: number
  readonly sawSolution?: true
  /** Questions that were answered right, by their place. */
  readonly right?: readonly number[]
  /** Fingerprint of the files that the learner started from. */
  readonly from?: string
}

export type AllProgress = Readonly<Record<string, LabProgress>>

/** The learner's progress, in one small JSON file. */
export class ProgressFile {
  readonly #path: string
  readonly #tell: (note: string) => void

  /** @param tell is told in one line what was wrong with the file, and where it is kept */
  constructor(folder: string, tell: (note: string) => void) {
    this.#path = join(folder, 'progress.json')
    this.#tell = tell
  }

  /** @throws {UserError} where a newer version of the lab wrote it */
  read(): AllProgress {
    if (!existsSync(this.#path)) return {}
    const text = readFileSync(this.#path, 'utf8')
    const { version, labs } = contentOf(text)
    if (version > schema) {
      throw new UserError(
        `${this.#path} is of a newer version of the lab (${version}): update the checkout, or move the file away`,
      )
    }
    if (version === schema && labs) return labs
    const kept = this.#keepAside()
    if (labs) {
      this.#tell(`progress.json was of an older version: it is read, and kept as ${kept}`)
      this.#write(labs)
      return labs
    }
    this.#tell(
      `progress.json could not be read: it is kept as ${kept}, and progress starts anew; your files stay`,
    )
    return {}
  }

  /** Changes the entry of one lab, and leaves what another terminal wrote of others. */
  update(id: string, change: (before: LabProgress) => LabProgress): LabProgress {
    const release = this.#lock()
    try {
      const all = this.read()
      const changed = change(all[id] ?? { opened: new Date().toISOString(), hints: 0 })
      this.#write({ ...all, [id]: changed })
      return changed
    } finally {
      release()
    }
  }

  #write(labs: AllProgress): void {
    mkdirSync(join(this.#path, '..'), { recursive: true })
    const draft = `${this.#path}.${process.pid}`
    writeFileSync(draft, `${JSON.stringify({ schema, labs }, null, 2)}\n`)
    renameSync(draft, this.#path)
  }

  #keepAside(): string {
    for (let number = 1; ; number++) {
      const kept = `${this.#path}.kept-${number}`
      if (existsSync(kept)) continue
      renameSync(this.#path, kept)
      return `progress.json.kept-${number}`
    }
  }

  /** Two terminals may write at once; each holds the folder for a few milliseconds. */
  #lock(): () => void {
    const lock = `${this.#path}.lock`
    const end = Date.now() + 2_000
    mkdirSync(join(this.#path, '..'), { recursive: true })
    for (;;) {
      try {
        mkdirSync(lock)
        return () => rmSync(lock, { recursive: true, force: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        // Whoever left it there was ended in the middle.
        if (Date.now() > end || ageOf(lock) > 2_000) rmSync(lock, { recursive: true, force: true })
        else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      }
    }
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

/** The entries that are of the known form; an older version had no `schema`. */
function contentOf(text: string): { readonly version: number; readonly labs?: AllProgress } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return { version: 0 }
    const { schema: version = 0, labs } = value as { schema?: unknown; labs?: unknown }
    if (typeof labs !== 'object' || labs === null) return { version: Number(version) || 0 }
    const entries = Object.entries(labs).flatMap(([id, entry]): [string, LabProgress][] =>
      isEntry(entry) ? [[id, { ...entry, hints: Number(entry.hints ?? 0) || 0 }]] : [],
    )
    return { version: Number(version) || 0, labs: Object.fromEntries(entries) }
  } catch {
    return { version: 0 }
  }
}

function isEntry(value: unknown): value is LabProgress {
  return typeof value === 'object' && value !== null && typeof (value as LabProgress).opened === 'string'
}
