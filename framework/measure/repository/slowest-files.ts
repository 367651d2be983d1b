import type { Reporter, TestModule } from 'vitest/node'

/** A Vitest reporter: names the test files that took longest, after all else has been said. */
export class SlowestFiles implements Reporter {
  readonly #say: (line: string) => void

  constructor(say: (line: string) => void = console.log) {
    this.#say = say
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // A run of a few files has nothing to compare.
    if (modules.length <= shown) return
    const taken = modules.map((module) => ({ file: module.relativeModuleId, ms: durationOf(module) }))
    taken.sort((a, b) => b.ms - a.ms)
    this.#say(`\n The ${shown} slowest of ${taken.length} test files`)
    for (const { file, ms } of taken.slice(0, shown)) {
      this.#say(`${(ms / 1000).toFixed(1).padStart(8)} s  ${file}`)
    }
  }
}

const shown = 10

/** The time from the start of a file's environment to the end of its last test, in ms. */
function durationOf(module: TestModule): number {
  const { environmentSetupDuration, prepareDuration, setupDuration, collectDuration, duration } =
    module.diagnostic()
  return environmentSetupDuration + prepareDuration + setupDuration + collectDuration + duration
}
