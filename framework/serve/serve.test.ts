import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { listen } from '@lab/services'
import { describe, expect, it } from 'vitest'
import { servePattern } from './serve-pattern.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('pnpm run serve', () => {
  it('says who has the port', async () => {
    const taken = await listen()
    const port = Number(new URL(taken.url).port)
    await expect(servePattern('p01', { port, stack: {} })).rejects.toThrow(/EADDRINUSE.*another --port/)
    await taken.close()
  })

  it('serves until Ctrl-C, which ends all of it with 130', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'framework/cli/main.ts', 'serve', 'p01'], {
      cwd: root,
    })
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(line)
      if (line.includes('Calls')) break
    }
    const url = /(http:\S+\/mcp)/.exec(lines.join('\n'))?.[1] ?? ''
    expect((await fetch(new URL('/health', url))).status).toBe(200)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
    await expect(fetch(new URL('/health', url))).rejects.toThrow()
  })
})
