import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../process/user-error.ts'
import { blocksIn, optionsOf } from './blocks.ts'
import { outputPrefix, type Page } from './pages.ts'
import { shorten } from './shorten.ts'

const main = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url))

/** The outputs of commands that pages show. Each command runs once, however many pages show its output. */
export class Outputs {
  readonly #printed = new Map<string, Promise<string>>()

  /**
   * Gives the content of the parts of a page that show an output, by the name of the part: `output:pattern p06`. The
   * options of a part are the beginnings of the lines that it keeps.
   * @throws {UserError} where a command fails, or no line begins as the marker says
   */
  async of({ path, text: markdown }: Page): Promise<Map<string, string>> {
    const contents = new Map<string, string>()
    for (const name of shownOutputs(markdown)) {
      const marker = `${path}, <!-- ${name} -->`
      const printed = await this.#outputOf(name.slice(outputPrefix.length), marker)
      contents.set(name, `\`\`\`text\n${shorten(printed, optionsOf(markdown, name), marker)}\n\`\`\``)
    }
    return contents
  }

  #outputOf(command: string, marker: string): Promise<string> {
    const printed = this.#printed.get(command) ?? run(command, marker)
    this.#printed.set(command, printed)
    return printed
  }
}

/** The parts of a Markdown text that show the output of a command. */
function shownOutputs(markdown: string): string[] {
  return [...blocksIn(markdown).keys()].filter((name) => name.startsWith(outputPrefix))
}

async function run(command: string, marker: string): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...command.split(' ')], {
    // As wide as a page shows without scrolling, and with the commands of a fresh clone.
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100', LAB_COMMAND: './lab' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [printed, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  if ((await ended) !== 0) {
    const why = complaint.trim().split('\n').at(-1) || 'its result is a finding: run it'
    throw new UserError(`${marker}: pnpm run ${command} has no output to show (${why})`)
  }
  return printed.trim()
}

/** An output without what differs from run to run: fingerprints of fresh tokens, and ports. */
export function stable(output: string): string {
  return output
    .replaceAll(/sha256:[0-9a-f]{8}/g, 'sha256:········')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:·····')
    .replaceAll(/ {2,}/g, '  ')
}
