import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { rooms } from '../structure/rooms.ts'
import { blocksIn, optionsOf, withBlock } from './blocks.ts'
import { catalogueTables, type Rung, stoppedAt } from './catalogue-tables.ts'
import { stable } from './outputs.ts'
import { readPages, tablesOf } from './pages.ts'
import { staleParts, writeParts } from './readme.ts'
import { shorten } from './shorten.ts'

describe('blocks', () => {
  const markdown = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y:1 2 | p06 | 12 of -->\n<!-- /y:1 2 -->\n'

  it('refuses a part that is not there, by the name of the file', () => {
    expect(() => withBlock(markdown, 'z', 'new', 'docs/page.md')).toThrow(
      'docs/page.md has no place for z: put <!-- z --> and <!-- /z --> into it',
    )
  })

  it('replaces one part and leaves the rest, options too', () => {
    const changed = withBlock(withBlock(markdown, 'x', 'new $1', ''), 'y:1 2', 'out', '')
    expect([...blocksIn(changed)]).toEqual([
      ['x', 'new $1'],
      ['y:1 2', 'out'],
    ])
    expect(optionsOf(changed, 'y:1 2')).toEqual(['p06', '12 of'])
    expect(optionsOf(changed, 'x')).toEqual([])
    expect(changed.startsWith('a\n')).toBe(true)
    expect(withBlock(changed, 'x', 'new $1', '')).toBe(changed)
  })
})

describe('a shortened output', () => {
  const output = 'p06: scoped\n\nalice  1\nalice  2\n\n  bob  1\n12 of 18\nlast'

  it('is refused if a beginning fits no line', () => {
    expect(() => shorten(output, ['p06', 'carol'], 'README.md, <!-- output:x -->')).toThrow(
      'README.md, <!-- output:x -->: no line of the output begins with "carol"; change the marker',
    )
  })

  it('keeps the lines that begin so, and marks what is left out once', () => {
    expect(shorten(output, ['p06', 'bob', '12'], '')).toBe('p06: scoped\n…\n  bob  1\n12 of 18\n…')
  })

  it('keeps a line by a number that may change, and by signs as they are', () => {
    const numbered = '67 attacks: 3 succeed\n7 tests\nx (1.5)\nx (1+5)'
    expect(shorten(numbered, ['# attacks', 'x (1.'], '')).toBe('67 attacks: 3 succeed\n…\nx (1.5)\n…')
    expect(() => shorten(numbered, ['# attack of'], '')).toThrow('no line of the output begins')
  })

  it('is whole without options', () => {
    expect(shorten(output, [], '')).toBe(output)
  })
})

describe('what a run decides', () => {
  it('leaves out fingerprints and ports only', () => {
    const line = (print: string, port: number) => `jwt sha256:${print} at http://127.0.0.1:${port}/token`
    expect(stable(line('0123abcd', 40001))).toBe(stable(line('ffff0000', 53)))
    expect(stable('12 of 18 allowed')).not.toBe(stable('10 of 18 allowed'))
  })
})

describe('pages', () => {
  const part = (marker: string, content = '') => {
    const [name] = marker.split(' | ')
    return `<!-- ${marker} -->\n${content}<!-- /${name} -->\n`
  }
  const partsOf = (path: string) => (tablesOf[path] ?? []).map((name) => part(name)).join('')
  const tables = partsOf('docs/measured.md')
  const readme = partsOf('README.md')

  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'lab-pages-'))
    await mkdir(join(root, 'docs'))
    for (const path of Object.keys(tablesOf)) await writeFile(join(root, path), partsOf(path))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('refuses a page that is missing', async () => {
    await rm(join(root, 'docs/measured.md'))
    await expect(readPages(root)).rejects.toThrow('docs/measured.md is missing: restore it with git')
  })

  it('refuses a page without its table', async () => {
    await writeFile(join(root, 'README.md'), readme.replace('<!-- /ladder -->', ''))
    await expect(readPages(root)).rejects.toThrow(/^README\.md has no place for ladder: put <!-- ladder -->/)
  })

  it('refuses a part that nothing fills', async () => {
    await writeFile(join(root, 'docs/measured.md'), tables + part('compare:prices'))
    await expect(readPages(root)).rejects.toThrow(
      /^docs\/measured\.md: nothing fills <!-- compare:prices -->; remove it/,
    )
  })

  it('refuses an output of a command that fails, with its reason', async () => {
    await writeFile(join(root, 'README.md'), readme + part('output:diff p06 p99'))
    await expect(staleParts(root)).rejects.toThrow(
      /^README\.md, <!-- output:diff p06 p99 -->: pnpm run diff p06 p99 has no output to show \(.*"p99".*\)$/,
    )
  })

  it('tells each part and diff that is out of date, and writes it', async () => {
    await writeFile(join(root, 'README.md'), readme + part('output:list | p06', '```text\np01\n```\n'))
    await mkdir(join(root, 'docs/diffs'))
    await writeFile(join(root, 'docs/diffs/p05-p06.diff'), 'old')
    await writeFile(join(root, 'docs/diffs/p97-p98.diff'), 'gone')
    const stale = await staleParts(root)
    expect(stale).toEqual(
      expect.arrayContaining([
        'README.md, output:list: not what a run gives; pnpm run check --write',
        'README.md, ladder: not what a run gives; pnpm run check --write',
        'docs/diffs/p01-p02.diff: missing; pnpm run check --write',
        'docs/diffs/p05-p06.diff: not the diff of the patterns; pnpm run check --write',
        'docs/diffs/p97-p98.diff: of no two patterns; pnpm run check --write removes it',
      ]),
    )

    await writeParts(root)
    expect(await staleParts(root)).toEqual([])
    const written = await readFile(join(root, 'README.md'), 'utf8')
    expect(written).toMatch(/```text\n…\np06-scoped-token-opa .*\n…\n```/)
    expect(written).toContain('[p06](patterns/p06-scoped-token-opa) | Scoped token + OPA |')
    expect(written).toContain('[from p05](docs/diffs/p05-p06.diff)')
  })
})

describe('README.md', () => {
  const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8')

  it('has at most 120 lines beside its tables, which grow with the ladder', () => {
    const lines = readme.trimEnd().split('\n')
    expect(lines.filter((line) => !line.startsWith('|')).length).toBeLessThanOrEqual(120)
  })

  it('lists every command', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))
    const missing = Object.keys(scripts).filter((name) => !readme.includes(`\`${name}`))
    expect(missing).toEqual([])
  })

  it('draws the rooms in their order', () => {
    const drawn = readme.split('\n').flatMap((line) => /^ {2}(\w+) {3,}/.exec(line)?.[1] ?? [])
    // A part of a room, such as `framework/apps/notebook-kernel`, is drawn with its room.
    const inOrder = rooms.flatMap((room) => /^framework\/(\w+)$/.exec(room)?.[1] ?? [])
    expect(drawn).toEqual(inOrder)
  })
})

describe('docs/owasp.md', () => {
  it('lists no entry of a catalogue that no attack is filed under, unless it says why', async () => {
    const tables = [...(await catalogueTables()).values()].join('\n')
    expect(tables).not.toContain('none: no attack')
    expect(tables).toContain(
      '| ASI04 | Agentic Supply Chain Vulnerabilities | none: no credential decides it |',
    )
  })

  it.each([
    ['p06', ['p05']],
    ['p08', ['p05', 'p07']],
    ['**open**', ['p08']],
    ['always blocked', []],
  ])('says %s where an attack succeeds on %j', (stopped, succeeds) => {
    const rungs = ['p05', 'p06', 'p07', 'p08'].map((name): Rung => {
      const attacks = { succeed: succeeds.includes(name) ? ['stale-replay'] : [], notApplicable: [] }
      return [`${name}-some-name`, { attacks }]
    })
    expect(stoppedAt('stale-replay', rungs)).toBe(stopped)
  })

  it.each([
    ['p08', 'p09', ['p05'], 'p06'],
    ['p08', 'p09', ['p08'], 'branch p09'],
    ['p08', 'p09', ['p08', 'p09'], '**open**'],
    // It blocks nothing that succeeds on its base.
    ['p06', 'p12', ['p08'], '**open**'],
    ['p08', 'p09', ['p09'], '**open** on p09'],
  ] as const)(
    'beside the ladder, of %s a branch %s: succeeds on %j, says %s',
    (base, branch, succeeds, says) => {
      const of = (name: string, its: object = {}): Rung => [
        `${name}-some-name`,
        {
          attacks: {
            succeed: succeeds.some((each) => each === name) ? ['stale-replay'] : [],
            notApplicable: [],
          },
          ...its,
        },
      ]
      const patterns = [...['p05', 'p06', 'p07', 'p08'].map((name) => of(name)), of(branch, { base })]
      expect(stoppedAt('stale-replay', patterns)).toBe(says)
    },
  )
})

describe('docs/own-patterns.md', () => {
  it('has a script that runs as it stands', async () => {
    const page = readFileSync(join(projectFolder, 'docs/own-patterns.md'), 'utf8')
    const script = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    expect(script).toContain("new PatternRunner('p06')")
    const file = new URL('../../../page-script.test-run.ts', import.meta.url)
    await writeFile(file, `${script}\nexport { answer, audit, hops, identities }\n`)
    try {
      const { identities } = await import(/* @vite-ignore */ file.href)
      expect(identities).toMatchObject([{ identity: { userId: 'alice', method: 'scoped_jwt' } }])
    } finally {
      await rm(file)
    }
  })
})
