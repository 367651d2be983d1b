import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JudgedResult } from '../declarations/declared-outcome.ts'
import { readPages, tablesOf } from '../readme/pages.ts'
import { deviations } from './deviations.ts'
import { blockNames, markdownBlocks } from './markdown.ts'
import type { Measurement } from './measure-pattern.ts'
import { differences, fillIn, writeMeasured } from './pages.ts'

const replay: JudgedResult = {
  id: 'bearer-replay',
  pattern: 'p08-token-bound',
  outcome: 'blocked',
  expected: 'blocked',
  reason: 'this proof was used before',
  evidence: { sent: [], records: [], changes: [] },
  duration: 1,
}
const measurement: Measurement = {
  pattern: 'p08-token-bound',
  title: 'Token-bound tool credentials',
  cells: [
    {
      user: 'alice',
      prompt: 1,
      outcome: 'allowed',
      expected: 'allowed',
      reason: 'own',
      overshared: 0,
      trace: 'a'.repeat(32),
      duration: 1,
    },
  ],
  attacks: [replay],
  row: {
    pattern: 'p08-token-bound',
    authzLives: 'IdP + OPA',
    realUser: 'yes (bound JWT)',
    cryptoProof: 'yes',
    leastPrivilege: 'yes',
    audit: 'yes',
    saysYes: 'nobody',
    questions: { who: true, agent: true, authority: true, decision: true },
  },
}
const blocks = markdownBlocks([measurement])
const path = 'docs/measured.md'
const tables = [...blockNames]
const pageOf = (text: string) => ({ path, text, tables })
const empty = pageOf(
  `# Title\n\n${tables.map((name) => `<!-- ${name} -->\n<!-- /${name} -->\n`).join('\ntext\n')}\nend\n`,
)
const filled = fillIn(empty, blocks)

describe('the measured parts of a page', () => {
  it('need their markers', () => {
    const closing = '<!-- /compare:cells -->'
    expect(() => fillIn(pageOf(empty.text.replace(closing, '')), blocks)).toThrow(
      'docs/measured.md has no place for compare:cells',
    )
    expect(differences(pageOf(filled.text.replace(closing, '')), blocks)).toHaveLength(1)
  })

  it.each([
    ['a verdict', '| bearer-replay | B |', '| bearer-replay | S |', 'compare:attacks'],
    ['a cell of the table', 'yes (bound JWT)', 'yes (magic)', 'compare:table'],
    ['an outcome', 'expenses? | ✓ | ✓ |', 'expenses? | ✓ | – |', 'compare:cells'],
    ['a row too many', '| bearer-replay | B |', '| bearer-replay | B |\n| own-goal | B |', 'compare:attacks'],
    ['a row too few', /\n\| alice .*/, '', 'compare:cells'],
  ])('differ if somebody changes %s', (_what, from, to, block) => {
    // The signature attacks are in two parts: the last one is meant.
    const at = typeof from === 'string' ? filled.text.lastIndexOf(from) : filled.text.search(from)
    const tampered = filled.text.slice(0, at) + filled.text.slice(at).replace(from, to)
    const found = differences(pageOf(tampered), blocks)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`${path}, ${block}: says`)
  })

  it('differ if they were never written', () => {
    expect(differences(empty, blocks)).toHaveLength(blockNames.length)
  })

  it('are filled in between their markers, and all else stays', () => {
    expect(filled.text).toContain(
      '| 08 | Token-bound tool credentials | 1 of 1 | 0 of 1 | 0 of 1 | IdP + OPA | yes (bound JWT) | yes | yes | yes | nobody |',
    )
    expect(filled.text).toContain('| bearer-replay | B |')
    expect(filled.text).toContain('| alice | What are my expenses? | ✓ | ✓ |')
    expect(filled.text.startsWith('# Title\n')).toBe(true)
    expect(filled.text.endsWith('\nend\n')).toBe(true)
    expect(fillIn(filled, blocks)).toEqual(filled)
  })

  it('agree with what was measured', () => {
    expect(differences(filled, blocks)).toEqual([])
  })

  it('leave alone what another page shows', () => {
    const page = { path: 'README.md', text: 'no table', tables: ['ladder'] }
    expect(fillIn(page, blocks)).toEqual(page)
    expect(differences(page, blocks)).toEqual([])
  })
})

describe('writing', () => {
  const parts = (...names: string[]) => names.map((name) => `<!-- ${name} -->\n<!-- /${name} -->\n`).join('')
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
    await mkdir(join(root, 'docs'))
    for (const [page, tables] of Object.entries(tablesOf)) await writeFile(join(root, page), parts(...tables))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('leaves the pages alone if something is not as declared', async () => {
    const wrong = { ...measurement, attacks: [{ ...replay, outcome: 'succeeds' as const }] }
    const before = await readPages(root)
    await expect(writeMeasured([wrong], root)).rejects.toThrow('bearer-replay succeeds')
    expect(await readPages(root)).toEqual(before)
  })

  it('puts into each page what it shows', async () => {
    await writeMeasured([measurement], root)
    const pages = await readPages(root)
    expect(pages.flatMap((page) => differences(page, blocks))).toEqual([])
    expect(
      pages.filter(({ text }) => text.includes('| bearer-replay | B |')).map(({ path }) => path),
    ).toEqual(['README.md', path])
    expect(pages.filter(({ text }) => text.includes('| alice |')).map(({ path }) => path)).toEqual([path])
  })
})

describe('what is not as it should be', () => {
  it.each([
    ['another outcome', { attacks: [{ ...replay, outcome: 'succeeds' as const }] }, 'blocked is declared'],
    ['an error', { attacks: [{ ...replay, outcome: 'error' as const }] }, 'could not be carried out'],
    ['a hole in the table', { row: { unmeasured: 'an attack broke' } }, 'no row in the table'],
    [
      'a prompt that broke',
      { cells: measurement.cells.map((cell) => ({ ...cell, outcome: 'error' as const })) },
      'prompt 1 of alice broke',
    ],
  ])('%s', (_what, changes, line) => {
    const found = deviations([{ ...measurement, ...changes }])
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(line)
  })

  it('is nothing where all is well, nor for a pattern of which nothing is declared', () => {
    const { expected: _, ...own } = replay
    expect(deviations([measurement, { ...measurement, attacks: [own] }])).toEqual([])
  })
})
