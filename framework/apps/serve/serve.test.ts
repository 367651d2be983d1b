import { listen } from '@lab/services'
import { describe, expect, it } from 'vitest'
import { servePattern } from './serve-pattern.ts'
import { served } from './testing/served.ts'

describe('pnpm run serve', () => {
  it('says who has the port', async () => {
    const taken = await listen()
    const port = Number(new URL(taken.url).port)
    await expect(servePattern('p01', { port, stack: {} })).rejects.toThrow(/EADDRINUSE.*another --port/)
    await taken.close()
  })

  it('serves until Ctrl-C, which ends all of it with 130', async () => {
    const { mcpUrl, interrupt } = await served('p01')
    expect((await fetch(new URL('/health', mcpUrl))).status).toBe(200)
    expect(await interrupt()).toBe(130)
    await expect(fetch(new URL('/health', mcpUrl))).rejects.toThrow()
  })
})
