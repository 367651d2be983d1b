import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../process/user-error.ts'
import { blocksIn } from './blocks.ts'

const main = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url))
const prefix = 'output:'

/** The commands whose output a Markdown text shows, by the name of the generated part: `output:pattern p06`. */
export function shownOutputs(markdown: string): string[] {
  return [...blocksIn(markdown).keys()].filter((name) => name.startsWith(prefix))
}

/**
 * Runs the command of a generated part.
 * @returns the part's content: what the command printed, in a fence
 * @throws {UserError} where the command fails
 */
export async function outputOf(name: string): Promise<string> {
  const args = name.slice(prefix.length).split(' ')
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const printed = await text(child.stdout)
  if ((await ended) !== 0)
    throw new UserError(`pnpm run ${args.join(' ')} failed, and the README shows its output`)
  return `\`\`\`text\n${printed.trim()}\n\`\`\``
}

/** The parts that differ from run to run: fingerprints of fresh tokens, and ports. */
export function stable(output: string): string {
  return output
    .replaceAll(/sha256:[0-9a-f]{8}/g, 'sha256:········')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:·····')
    .replaceAll(/ {2,}/g, '  ')
}
