import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './framework/measure/repository/longest-first.ts'
import { SlowestFiles } from './framework/measure/repository/slowest-files.ts'
import { testGroups } from './framework/measure/repository/test-groups.ts'

const { unit, mocking, whole } = testGroups(import.meta.dirname)

/** The limits of one test and of one hook, in ms. */
const limits = { testTimeout: 60_000, hookTimeout: 60_000 }

const json: ['json', { outputFile: string }] = ['json', { outputFile: 'reports/vitest.json' }]

export default defineConfig({
  test: {
    // The default leaves a core idle. One more than there are cores, because tests also wait: for a time limit, a process.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', ...(process.env.CI ? [json] : []), new SlowestFiles()],
    projects: [
      { test: { name: 'unit', include: [...unit], ...limits, pool: 'threads', isolate: false } },
      { test: { name: 'mocking', include: [...mocking], ...limits, pool: 'threads' } },
      // One process after another file's: each would load the whole lab anew.
      { test: { name: 'whole', include: [...whole], ...limits, pool: 'forks', isolate: false } },
    ],
  },
})
