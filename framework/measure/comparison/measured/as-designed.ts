import { beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../../attacks/index.ts'
import { PatternRunner } from '../../../runner/pattern-runner.ts'
import { comparisonGrid } from '../grids.ts'
import { type Measurement, measurePattern } from '../measure-pattern.ts'

/** The comparison table as the design has it: written down here by hand, so that what is measured can differ. */
const table = {
  p01: ['01', 'No auth', 'nowhere', 'no', 'no', 'no', 'no'],
  p02: ['02', 'Shared API key', 'service', 'no', 'no', 'no', 'partial'],
  p03: ['03', 'User API key in prompt', 'service', 'yes (string)', 'no', 'no', 'partial'],
  p04: ['04', 'User API key via tool arg', 'service', 'yes (string)', 'no', 'no', 'yes'],
  p05: ['05', 'OAuth token forwarding', 'service', 'yes (JWT)', 'yes', 'no', 'yes'],
  p06: ['06', 'Scoped token + OPA', 'OPA policy', 'yes (JWT)', 'yes', 'yes', 'yes'],
  p07: ['07', 'On-behalf-of flow', 'IdP + OPA', 'yes (delegated JWT)', 'yes', 'yes', 'yes'],
  p08: ['08', 'Token-bound tool credentials', 'IdP + OPA', 'yes (bound JWT)', 'yes', 'yes', 'yes'],
} as const

/** How many of the four questions its records answer. */
const answered = { p01: 0, p02: 1, p03: 1, p04: 2, p05: 3, p06: 3, p07: 4, p08: 4 }

/** By user, prompts 1 to 6: `+` allowed, `-` denied. */
const everything = '++++++ ++++++ ++++++'
const byRoles = '++++++ +++++- +-----'
const byRelationships = '+-++-+ +++++- +-----'
const cells = {
  p01: everything,
  p02: everything,
  p03: byRoles,
  p04: byRoles,
  p05: byRoles,
  p06: byRoles,
  p07: byRelationships,
  p08: byRelationships,
}

export type Name = keyof typeof table

/** Measures patterns, and says that each is what the design says it is. */
export function describeAsDesigned(...patterns: Name[]): void {
  describe.each(patterns)('%s', (which) => {
    let measured: Measurement
    beforeAll(async () => {
      const runner = new PatternRunner(which)
      try {
        measured = await measurePattern(await runner.start())
      } finally {
        await runner.stop()
      }
    }, 120_000)

    it.each(attacks.map(({ id, expected }) => ({ id, letter: expected[Number(which.slice(1)) - 1] })))(
      '$id: $letter',
      ({ id, letter }) => {
        const result = measured.attacks.find((attack) => attack.id === id)
        const letters = { succeeds: 'S', blocked: 'B', 'n/a': '-', error: 'error' }
        expect(`${letters[result?.outcome ?? 'error']}: ${result?.reason}`).toMatch(
          new RegExp(`^${letter}: .`),
        )
        expect(result?.expected).toBe(result?.outcome)
      },
    )

    it('has the row that the design says', () => {
      const [, row] = comparisonGrid([measured])
      expect(row?.slice(0, 7)).toEqual(table[which])
      expect(row?.[7]?.slice(0, 6)).toBe(`${answered[which]} of 4`)
    })

    it('allows in the 18 honest runs what the design says', () => {
      const rows = ['alice', 'bob', 'dave'].map((user) =>
        measured.cells
          .filter((cell) => cell.user === user)
          .map(({ outcome }) => ({ allowed: '+', denied: '-', 'no-call': '0', error: '!' })[outcome])
          .join(''),
      )
      expect(rows.join(' ')).toBe(cells[which])
    })

    it('shows evidence for each attack that was tried, and no credential in it', () => {
      const tried = measured.attacks.filter(({ outcome }) => outcome !== 'n/a')
      const bare = tried.filter(({ evidence }) => evidence.sent.length + evidence.records.length === 0)
      expect(bare.map(({ id }) => id)).toEqual([])
      const shown = JSON.stringify(measured.attacks)
      expect(shown.match(/eyJ[\w-]+\.[\w-]+\.[\w-]*|demo-(?:key|secret)-of-[\w-]+/g)).toBeNull()
    })
  })
}
