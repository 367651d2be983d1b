import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksIn, withBlock } from './blocks.ts'
import { stable } from './outputs.ts'
import { readmeFile, staleOutputs, writeOutputs } from './readme.ts'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lab-readme-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('blocks', () => {
  const markdown = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y:1 2 -->\n<!-- /y:1 2 -->\n'

  it('refuses a part that is not there', () => {
    expect(() => withBlock(markdown, 'z', 'new')).toThrow(/no place for z/)
  })
  it('replaces one part and leaves the rest', () => {
    const changed = withBlock(markdown, 'x', 'new $1')
    expect([...blocksIn(changed)]).toEqual([
      ['x', 'new $1'],
      ['y:1 2', ''],
    ])
    expect(changed.startsWith('a\n')).toBe(true)
    expect(withBlock(changed, 'x', 'new $1')).toBe(changed)
  })
})

describe('outputs', () => {
  it('finds an output that no run gives, and writes the one that a run gives', {
    timeout: 60_000,
  }, async () => {
    const file = join(scratch, 'README.md')
    await writeFile(file, '<!-- output:list -->\n```text\np01 and so on\n```\n<!-- /output:list -->\n')
    expect(await staleOutputs(file)).toEqual(['output:list'])
    await writeOutputs(file)
    expect(await staleOutputs(file)).toEqual([])
    expect(await readFile(file, 'utf8')).toContain('p08-token-bound')
  })

  it('counts only what a run decides: fingerprints and ports do not', () => {
    const line = (print: string, port: number) => `jwt sha256:${print} at http://127.0.0.1:${port}/token`
    expect(stable(line('0123abcd', 40001))).toBe(stable(line('ffff0000', 53)))
    expect(stable('12 of 18 allowed')).not.toBe(stable('10 of 18 allowed'))
  })
})

describe('README.md', () => {
  it('has a script that runs as it stands', async () => {
    const script = /```ts\n([\s\S]*?)```/.exec(await readFile(readmeFile, 'utf8'))?.[1] ?? ''
    expect(script).toContain("new PatternRunner('p06')")
    const file = new URL('../../../readme-script.test-run.ts', import.meta.url)
    await writeFile(file, `${script}\nexport { answer, audit, hops, identities }\n`)
    try {
      const { identities } = await import(/* @vite-ignore */ file.href)
      expect(identities).toMatchObject([{ identity: { userId: 'alice', method: 'scoped_jwt' } }])
    } finally {
      await rm(file)
    }
  })
})
