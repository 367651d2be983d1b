import { expect, it } from 'vitest'
import type { TestModule } from 'vitest/node'
import { SlowestFiles } from './slowest-files.ts'

function moduleThatTook(ms: number): TestModule {
  const none = { environmentSetupDuration: 0, prepareDuration: 0, setupDuration: 0 }
  return {
    relativeModuleId: `took-${ms}.test.ts`,
    diagnostic: () => ({ ...none, collectDuration: 1_000, duration: ms - 1_000 }),
  } as unknown as TestModule
}

function said(count: number): string[] {
  const lines: string[] = []
  const durations = Array.from({ length: count }, (_, at) => (at + 1) * 1_000)
  new SlowestFiles((line) => lines.push(line)).onTestRunEnd(durations.map(moduleThatTook))
  return lines
}

it('names the ten slowest files, the slowest first, with imports counted', () => {
  const [title, ...files] = said(12)
  expect(title).toContain('10 slowest of 12')
  expect(files).toHaveLength(10)
  expect(files[0]).toBe('    12.0 s  took-12000.test.ts')
  expect(files[9]).toBe('     3.0 s  took-3000.test.ts')
})

it('says nothing of a run of a few files', () => {
  expect(said(10)).toEqual([])
})
