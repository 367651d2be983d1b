import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keycloakSettings, opaUrl } from '../../parties/keycloak/settings.ts'
import { patternOrder } from '../declarations/order.ts'
import type { Difference } from './difference.ts'
import { reasonFor } from './known-differences.ts'
import { measureIdps, measurePolicy } from './measure-parity.ts'
import { type Parity, parityPage } from './parity-page.ts'
import { comparePattern, type PatternParity } from './run-parity.ts'

const real = { keycloak: keycloakSettings(process.env), opaUrl: opaUrl(process.env) }
const { names } = await patternOrder()
const quietly = () => {}
const measured: { -readonly [part in keyof Parity]?: Parity[part] } = {}
const patterns: PatternParity[] = []

function unexplained(differences: readonly Difference[]): Difference[] {
  return differences.filter((difference) => !reasonFor(difference))
}

describe('the real stack', () => {
  it('answers every probe as the embedded IdP does, but for what is known', async () => {
    measured.idps = await measureIdps(real, quietly)
    expect(unexplained(measured.idps.flatMap(({ differences }) => differences))).toEqual([])
  })

  it('decides everything as the WebAssembly does', async () => {
    measured.policy = await measurePolicy(real, quietly)
    expect(measured.policy.differences).toEqual([])
    expect(measured.policy.decisions).toBeGreaterThan(100_000)
  })

  it.each(names)('%s: cells, attacks and table come out the same', async (name) => {
    const parity = await comparePattern(name, real, quietly)
    patterns.push(parity)
    expect(unexplained(parity.differences)).toEqual([])
    expect(parity.cells).toBe(21)
  })

  it('is as docs/parity.md says', () => {
    const page = readFileSync(new URL('../../../docs/parity.md', import.meta.url), 'utf8')
    const { idps = [], policy = { decisions: 0, differences: [] } } = measured
    expect(page, 'run pnpm run parity --write').toBe(parityPage({ patterns, idps, policy }))
  })
})
