import { dirname, join, relative } from 'node:path'
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node'
import { UserError } from '../../process/user-error.ts'
import { testGroups } from '../repository/test-groups.ts'
import type { Mutant } from './mutant.ts'

/**
 * The tests of the repo, run against mutants. A mutant takes the place of its file while the file is loaded, so
 * nothing is ever written to the checkout.
 */
export class UnitTests {
  readonly #vitest: Vitest
  readonly #root: string
  /** By the path of the test file in the repo. */
  readonly #specifications: ReadonlyMap<string, TestSpecification>
  #mutant: Mutant | undefined

  private constructor(vitest: Vitest, root: string, specifications: readonly TestSpecification[]) {
    this.#vitest = vitest
    this.#root = root
    this.#specifications = new Map(specifications.map((each) => [relative(root, each.moduleId), each]))
  }

  static async open(root: string): Promise<UnitTests> {
    const swap = {
      name: 'mutant',
      enforce: 'pre' as const,
      transform: (_code: string, id: string) => tests.#sourceOf(id),
    }
    const { unit, mocking, whole } = testGroups(root)
    const options = {
      root,
      // Not the projects of the repository's own file: a mutant needs modules that are loaded afresh.
      config: false as const,
      include: [...unit, ...mocking, ...whole],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      watch: false,
      bail: 1,
      // Half the start-up of a process, paid for every mutant.
      pool: 'threads' as const,
      maxWorkers: 1,
      reporters: [{}],
    }
    const vitest = await createVitest('test', options, { plugins: [swap] })
    const tests: UnitTests = new UnitTests(vitest, root, await vitest.globTestSpecifications())
    return tests
  }

  /** @throws {UserError} where the tests of the packages do not pass without any mutant */
  async requireGreen(packages: readonly string[]): Promise<void> {
    const tests = this.#tests.filter((test) => packages.some((home) => test.startsWith(`${home}/`)))
    const failed = await this.#run(tests)
    if (failed) throw new UserError(`a test fails as it is (${failed}): fix it first, pnpm test`)
  }

  /** The test that fails on the mutant; undefined where none of its package does. */
  async noticedBy(mutant: Mutant): Promise<string | undefined> {
    const path = join(this.#root, mutant.file)
    this.#mutant = mutant
    this.#vitest.invalidateFile(path)
    try {
      for (const group of nearestFirst(mutant.file, this.#tests)) {
        const noticed = await this.#run(group)
        if (noticed) return noticed
      }
      return undefined
    } finally {
      this.#mutant = undefined
      this.#vitest.invalidateFile(path)
    }
  }

  close(): Promise<void> {
    return this.#vitest.close()
  }

  get #tests(): string[] {
    return [...this.#specifications.keys()]
  }

  async #run(tests: readonly string[]): Promise<string | undefined> {
    const specifications = tests.flatMap((test) => this.#specifications.get(test) ?? [])
    if (specifications.length === 0) return undefined
    const { testModules, unhandledErrors } = await this.#vitest.runTestSpecifications(specifications)
    const asked = new Set(specifications.map(({ moduleId }) => moduleId))
    for (const module of testModules) {
      // Vitest gives the modules of earlier runs too, as they were.
      if (!asked.has(module.moduleId)) continue
      for (const test of module.children.allTests('failed')) return test.fullName
      if (module.state() === 'failed') return `${module.relativeModuleId} cannot be run`
    }
    return unhandledErrors.length > 0 ? 'an error that no test caught' : undefined
  }

  #sourceOf(id: string): { code: string; map: null } | undefined {
    const mutant = this.#mutant
    return mutant && id.split('?')[0] === join(this.#root, mutant.file)
      ? { code: mutant.source, map: null }
      : undefined
  }
}

/** The tests of a file's package in groups, the nearest first: the one beside it, those of its folder and of each around. */
function nearestFirst(file: string, tests: readonly string[]): string[][] {
  const home = packageOf(file)
  const left = new Set(tests.filter((test) => test.startsWith(`${home}/`)))
  const take = (isWanted: (test: string) => boolean) => {
    const group = [...left].filter(isWanted)
    for (const test of group) left.delete(test)
    return group
  }
  const groups = [take((test) => test === file.replace(/\.ts$/, '.test.ts'))]
  for (let folder = dirname(file); folder.startsWith(home); folder = dirname(folder)) {
    groups.push(take((test) => dirname(test) === folder))
  }
  return [...groups, [...left]]
}

/** `services`, `framework/parties/pdp`: as far up as a test can be expected to know the file. */
export function packageOf(file: string): string {
  return /^framework\/[^/]+|^[^/]+/.exec(file)?.[0] ?? ''
}
