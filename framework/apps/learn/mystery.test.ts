import { Readable } from 'node:stream'
import { afterEach, expect, it, vi } from 'vitest'
import { Input } from './input.ts'
import { mystery } from './mystery.ts'

afterEach(() => vi.restoreAllMocks())

/** Plays the mystery of one pattern. @returns all that is printed */
async function played(at: number, ...lines: string[]): Promise<string> {
  let out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += chunk
    return true
  })
  await mystery(new Input(Readable.from(lines.map((line) => `${line}\n`))), () => at)
  return out
}

it.each([0, 2, 5, 7])('shows the wire of pattern %i, no secret, and not which pattern it is', async (at) => {
  const out = await played(at)
  expect(out).toContain('mcp-server → expenses')
  expect(out).not.toMatch(/eyJ[\w-]{10,}\.|demo-(key|secret)|p0\d-/)
})

it('judges both answers by the pattern that runs, and asks again for what it does not understand', async () => {
  const out = await played(5, 'p05', '1', 'bearer-replay anonymous-call')
  expect(out).toContain('✗ no: it is p06-scoped-token-opa, and not p05-token-forwarding.')
  expect(out).toContain('"1" is not understood')
  expect(out).toMatch(/✓ right: bearer-replay succeeds/)
  expect(out).toMatch(/✗ no: anonymous-call: blocked/)
})
