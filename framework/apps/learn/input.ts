import { createInterface, type Interface } from 'node:readline'

/** The lines that a person types, or that a pipe holds; one reader at a time. */
export class Input {
  readonly #interface: Interface
  readonly #lines: string[] = []
  readonly #readers: ((line: string | undefined) => void)[] = []
  #ended = false

  constructor(source: NodeJS.ReadableStream = process.stdin) {
    this.#interface = createInterface({ input: source, terminal: false })
    this.#interface.on('line', (line) => {
      const reader = this.#readers.shift()
      if (reader) reader(line)
      else this.#lines.push(line)
    })
    this.#interface.on('close', () => {
      this.#ended = true
      for (const reader of this.#readers.splice(0)) reader(undefined)
    })
  }

  /** @returns undefined when there are no more */
  async next(): Promise<string | undefined> {
    const line = this.#lines.shift()
    if (line !== undefined || this.#ended) return line
    return new Promise((resolve) => this.#readers.push(resolve))
  }

  /** @returns what follows a question, in lower case; undefined where nothing does */
  async ask(question: string): Promise<string | undefined> {
    process.stdout.write(question)
    const line = await this.next()
    if (!process.stdin.isTTY) process.stdout.write('\n')
    return line?.trim().toLowerCase()
  }

  close(): void {
    this.#interface.close()
  }
}
