import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { visible } from '@lab/contract'
import { patternFiles } from '../load-pattern.ts'
import { placeIn } from './place-in.ts'
import { sourceIn, unawaitedLines } from './source-lines.ts'
import { WrongResult } from './wrong-result.ts'

/** An error in a pattern's own code, as the person who wrote it needs to see it. Callers never do. */
export interface PatternError {
  /** Path of the file. */
  readonly file: string
  /** Undefined where nothing says it. */
  readonly line: number | undefined
  /** `TypeError: …`, or one sentence on what a function returned. */
  readonly text: string
  /** The number of times that it happened. */
  readonly count: number
}

/** A message is one line of at most so many characters. */
const maxLength = 300

/** The errors that came out of one pattern's folder, each once. */
export class PatternErrors {
  readonly #folders: readonly string[]
  readonly #found = new Map<string, PatternError>()

  constructor(folder: string) {
    // Node names a module by its real path, whatever link led to it.
    this.#folders = [...new Set([realpathSync(folder), folder])]
  }

  /**
   * @param file whose function it came out of: the place where nothing else says one
   */
  add(error: unknown, file: string): void {
    const place =
      error instanceof WrongResult
        ? { file, line: error.line }
        : (placeIn(error, this.#folders) ?? { file, line: undefined })
    this.#note({ ...place, file: this.#pathOf(place.file), text: messageOf(error) })
  }

  /** Adds the reason of a rejected Promise that nobody awaited. */
  addStray(reason: unknown): void {
    const place = placeIn(reason, this.#folders) ??
      this.#onlyUnawaited() ?? { file: patternFiles[0], line: undefined }
    const text = `await is missing: nobody waits for a Promise that was rejected (${messageOf(reason)})`
    const file = this.#pathOf(place.file)
    // What came of it may have been told already: it is one mistake.
    if (this.all.some((error) => error.file === file && error.line === place.line)) return
    this.#note({ ...place, file, text })
  }

  /** True for an error whose stack leads through the folder. */
  concerns(error: unknown): boolean {
    return placeIn(error, this.#folders) !== undefined
  }

  get all(): readonly PatternError[] {
    return [...this.#found.values()]
  }

  clear(): void {
    this.#found.clear()
  }

  #pathOf(file: string): string {
    return join(this.#folders.at(-1) ?? '', file)
  }

  /** The place where a Promise of the contract is made and not awaited, where there is only one. */
  #onlyUnawaited(): { file: string; line: number } | undefined {
    const found = patternFiles.flatMap((file) =>
      unawaitedLines(sourceIn(this.#pathOf(''), file)()).map((line) => ({ file, line })),
    )
    return found.length === 1 ? found[0] : undefined
  }

  #note(error: Omit<PatternError, 'count'>): void {
    const key = JSON.stringify(error)
    this.#found.set(key, { ...error, count: (this.#found.get(key)?.count ?? 0) + 1 })
  }
}

function messageOf(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}, which is no Error`
  const whole = error instanceof WrongResult ? error.message : text
  return visible(whole.length > maxLength ? `${whole.slice(0, maxLength)}…` : whole)
}
