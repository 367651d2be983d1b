import { expect, it } from 'vitest'
import { flawed } from '../../attacks/testing/outcomes.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { groundTruth } from '../../scenario/outcomes.ts'
import { declaredNames, loadDeclaration } from '../declarations/load-declarations.ts'
import { mixUps } from './testing/mix-ups.ts'
import { testPattern } from './testing/test-pattern.ts'

for (const name of await declaredNames()) testPattern(name, await loadDeclaration(name))

it.each(['remembers-who-called', 'shares-an-exchange'])(
  '%s, which mixes users up, is noticed',
  async (name) => {
    const runner = await new PatternRunner(flawed(name)).start()
    try {
      expect(await mixUps(runner, Object.keys(groundTruth), true)).not.toEqual([])
    } finally {
      await runner.stop()
    }
  },
)
