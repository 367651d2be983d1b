import { stripVTControlCharacters } from 'node:util'
import type { Command } from 'commander'
import { vi } from 'vitest'
import { runCommandLine } from '../command-line.ts'

/** The end of a command: its exit code, and all that it printed. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/**
 * Runs a command line in this process, which saves a second of start-up. One at a time: it takes the output streams
 * and the environment for itself.
 * @param env beside PATH and HOME, the whole environment
 */
export async function runHere(
  program: Command,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const outer = process.env
  const { PATH, HOME } = outer
  const [out, err] = [capture(process.stdout), capture(process.stderr)]
  process.env = { PATH, HOME, ...env }
  try {
    const code = await runCommandLine(program, args)
    return { code, out: out.text(), err: err.text() }
  } finally {
    process.env = outer
    process.exitCode = 0
    out.restore()
    err.restore()
  }
}

function capture(stream: NodeJS.WriteStream): { text(): string; restore(): void } {
  let written = ''
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    written += chunk
    return true
  })
  // A terminal around the tests may have asked for colours.
  return { text: () => stripVTControlCharacters(written), restore: () => spy.mockRestore() }
}
