import { beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../../../attacks/index.ts'
import type { Cell } from '../../../../runner/cells.ts'
import { PatternRunner } from '../../../../runner/pattern-runner.ts'
import { groundTruth } from '../../../../scenario/outcomes.ts'
import { declaredOutcome } from '../../../declarations/declared-outcome.ts'
import { declaredNames, loadDeclaration } from '../../../declarations/load-declarations.ts'
import { comparisonGrid, titleWith } from '../../grids.ts'
import { type Measurement, measurePattern } from '../../measure-pattern.ts'
import { numberOf } from '../../short-name.ts'

/** The number of test files that share the patterns: as many can run at a time. */
const parts = 4

/**
 * Measures a share of the patterns, and says that each is what its declaration says.
 * @param part from 0
 */
export async function describeAsDeclared(part: number): Promise<void> {
  const names = (await declaredNames()).filter((_name, at) => at % parts === part)
  for (const name of names) describePattern(name, await loadDeclaration(name))
}

function describePattern(name: string, declaration: Awaited<ReturnType<typeof loadDeclaration>>): void {
  describe(name, () => {
    let measured: Measurement
    beforeAll(async () => {
      const runner = new PatternRunner(name)
      try {
        measured = await measurePattern(await runner.start())
      } finally {
        await runner.stop()
      }
    }, 120_000)

    it.each(attacks.map(({ id }) => ({ id, outcome: declaredOutcome(declaration, id) })))(
      '$id: $outcome',
      ({ id, outcome }) => {
        const result = measured.attacks.find((attack) => attack.id === id)
        expect(result?.reason).toMatch(/./)
        expect({ outcome: result?.outcome, why: result?.reason }).toEqual({ outcome, why: result?.reason })
        expect(result?.expected).toBe(outcome)
      },
    )

    it('has the row that is declared', () => {
      const [, row] = comparisonGrid([measured])
      const { authzLives, realUser, cryptoProof, leastPrivilege, audit, saysYes, answers } = declaration.row
      expect(row?.slice(0, 8)).toEqual([
        numberOf(name),
        titleWith(declaration.title, declaration.base),
        authzLives,
        realUser,
        cryptoProof,
        leastPrivilege,
        audit,
        saysYes,
      ])
      expect(row?.[8]?.slice(0, 6)).toBe(`${answers} of 4`)
    })

    it('gives the 21 cells that are declared, each by who decides there, with a reason', () => {
      const { cells } = measured
      expect(outcomes(cells, ({ outcome }) => outcome)).toEqual(declaration.cells)
      expect(outcomes(cells, ({ expected }) => expected)).toEqual(groundTruth)
      expect(new Set(cells.map(({ decidedBy }) => decidedBy))).toEqual(new Set([declaration.decidedBy]))
      expect(cells.filter(({ reason }) => reason.length === 0)).toEqual([])
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

/** Each user's outcomes in the order of the prompts, as a declaration writes them; any other word as it is. */
function outcomes(cells: readonly Cell[], of: (cell: Cell) => string): Record<string, string> {
  const users = [...new Set(cells.map(({ user }) => user))]
  const signs: Record<string, string> = { allowed: '+', denied: '-' }
  return Object.fromEntries(
    users.map((user) => [
      user,
      cells.flatMap((cell) => (cell.user === user ? [signs[of(cell)] ?? of(cell)] : [])).join(''),
    ]),
  )
}
