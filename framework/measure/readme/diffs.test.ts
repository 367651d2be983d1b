import { describe, expect, it } from 'vitest'
import { patternNames } from '../../runner/load-pattern.ts'
import { baselineOf, diffFile, freshDiffs, staleDiffs } from './diffs.ts'

describe('the diffs in docs/diffs', () => {
  it('are those of the patterns', async () => {
    expect(await staleDiffs()).toEqual([])
  })

  it('are one for each pattern but those without a baseline', async () => {
    const [, ...others] = await patternNames()
    expect((await freshDiffs()).size).toBe(others.length)
  })

  it('are patches of both files', async () => {
    const diff = (await freshDiffs()).get('docs/diffs/p06-p07.diff')
    expect(diff).toMatch(/^From p06-scoped-token-opa to p07-on-behalf-of\. Generated/)
    expect(diff).toContain('--- p06-scoped-token-opa/mcp-auth.ts\n+++ p07-on-behalf-of/mcp-auth.ts\n@@')
    expect(diff).toContain(
      '--- p06-scoped-token-opa/service-auth.ts\n+++ p07-on-behalf-of/service-auth.ts\n@@',
    )
  })
})

describe('a baseline', () => {
  const header = { title: '', summary: '', stillAllows: '' }
  const names = ['p06-scoped-token-opa', 'p07-on-behalf-of']

  it.each(['none', 'p99', 'p0'])('is none for "%s"', (baseline) => {
    expect(baselineOf({ ...header, baseline }, names)).toBeUndefined()
  })

  it.each(['p07', 'p07-on-behalf-of'])('is found by %s', (baseline) => {
    expect(baselineOf({ ...header, baseline }, names)).toBe('p07-on-behalf-of')
  })

  it('names the file, with the pattern, by numbers', () => {
    expect(diffFile('p06-scoped-token-opa', 'p17-mine')).toBe('docs/diffs/p06-p17.diff')
  })
})
