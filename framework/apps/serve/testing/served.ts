import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** For tests: `pnpm run serve` as a process of its own, up when this returns. */
export async function served(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'framework/apps/cli/main.ts', 'serve', ...args], {
    cwd: root,
  })
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      if (line.includes('Calls')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`serve ended with ${code} before it was up`)))
  })
  return {
    /** Its output up to now. */
    lines,
    mcpUrl: new URL(/(http:\S+\/mcp)/.exec(lines.join('\n'))?.[1] ?? ''),
    /** Presses Ctrl-C. @returns the exit code */
    async interrupt(): Promise<number | null> {
      child.kill('SIGINT')
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}
