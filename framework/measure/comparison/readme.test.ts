import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JudgedResult } from '../declarations/declared-outcome.ts'
import { deviations } from './check-readme.ts'
import { blockNames, markdownBlocks } from './markdown.ts'
import type { Measurement } from './measure-pattern.ts'
import { differences, fillIn } from './readme.ts'
import { writeReadme } from './write-readme.ts'

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
    questions: { who: true, agent: true, authority: true, decision: true },
  },
}
const blocks = markdownBlocks([measurement])
const empty = `# Title\n\n${blockNames.map((name) => `<!-- ${name} -->\n<!-- /${name} -->\n`).join('\ntext\n')}\nend\n`

describe('the generated parts', () => {
  it('are filled in between their markers, and all else stays', () => {
    const filled = fillIn(empty, blocks)
    expect(filled).toContain(
      '| 08 | Token-bound tool credentials | IdP + OPA | yes (bound JWT) | yes | yes | yes |',
    )
    expect(filled).toContain('| bearer-replay | B |')
    expect(filled).toContain('| alice | What are my expenses? | ✓ | ✓ |')
    expect(filled.startsWith('# Title\n')).toBe(true)
    expect(filled.endsWith('\nend\n')).toBe(true)
    expect(fillIn(filled, blocks)).toBe(filled)
  })

  it('agree with what was measured', () => {
    expect(differences(fillIn(empty, blocks), blocks)).toEqual([])
  })

  it.each([
    ['a verdict', '| bearer-replay | B |', '| bearer-replay | S |', 'compare:attacks'],
    ['a cell of the table', 'yes (bound JWT)', 'yes (magic)', 'compare:table'],
    ['an outcome', 'expenses? | ✓ | ✓ |', 'expenses? | ✓ | – |', 'compare:cells'],
    ['a row too many', '| bearer-replay | B |', '| bearer-replay | B |\n| own-goal | B |', 'compare:attacks'],
    ['a row too few', /\n\| alice .*/, '', 'compare:cells'],
  ])('differ where somebody changed %s', (_what, from, to, block) => {
    const tampered = fillIn(empty, blocks).replace(from, to)
    const found = differences(tampered, blocks)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(block)
  })

  it('differ where they were never written', () => {
    expect(differences(empty, blocks)).toHaveLength(3)
  })

  it('need their markers', () => {
    const closing = '<!-- /compare:cells -->'
    expect(() => fillIn(empty.replace(closing, ''), blocks)).toThrow('no place for compare:cells')
    expect(differences(fillIn(empty, blocks).replace(closing, ''), blocks)).toHaveLength(1)
  })
})

describe('writing', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
    await writeFile(join(folder, 'README.md'), empty)
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('leaves the README alone where something is not as declared', async () => {
    const wrong = { ...measurement, attacks: [{ ...replay, outcome: 'succeeds' as const }] }
    await expect(writeReadme([wrong], join(folder, 'README.md'))).rejects.toThrow('bearer-replay succeeds')
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(empty)
  })

  it('writes what was measured', async () => {
    await writeReadme([measurement], join(folder, 'README.md'))
    expect(differences(await readFile(join(folder, 'README.md'), 'utf8'), blocks)).toEqual([])
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
