import { dirname, join, relative } from 'node:path'
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node'
import { UserError } from '../../process/user-error.ts'
import { testGroups } from '../repository/test-groups.ts'
import { KeptThread } from './kept-thread.ts'
import type { Mutant, Notice } from './mutant.ts'

/**
 * The tests of the repo, run against mutants. A mutant takes the place of its file while the file is loaded, so
 * nothing is ever written to the checkout.
 */
export class UnitTests {
  readonly #vitest: Vitest
  readonly #thread: KeptThread
  readonly #root: string
  readonly #packages: readonly string[]
  /** By the path of the test file in the repo. */
  readonly #specifications: ReadonlyMap<string, TestSpecification>
  #mutant: Mutant | undefined

  private constructor(
    { vitest, thread }: { readonly vitest: Vitest; readonly thread: KeptThread },
    root: string,
    packages: readonly string[],
    specifications: readonly TestSpecification[],
  ) {
    this.#vitest = vitest
    this.#thread = thread
    this.#root = root
    this.#packages = packages
    this.#specifications = new Map(specifications.map((each) => [relative(root, each.moduleId), each]))
  }

  /** @param packages whose tests judge */
  static async open(root: string, packages: readonly string[]): Promise<UnitTests> {
    const swap = {
      name: 'mutant',
      enforce: 'pre' as const,
      transform: (_code: string, id: string) => tests.#sourceOf(id),
    }
    const { unit, mocking, whole } = testGroups(root)
    const thread = new KeptThread()
    const options = {
      root,
      // Not the projects of the repository's own file: a mutant needs modules that are loaded afresh.
      config: false as const,
      include: [...unit, ...mocking, ...whole],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      watch: false,
      bail: 1,
      pool: thread.pool,
      maxWorkers: 1,
      reporters: [{}],
    }
    const vitest = await createVitest('test', options, { plugins: [swap] })
    const tests: UnitTests = new UnitTests(
      { vitest, thread },
      root,
      packages,
      await vitest.globTestSpecifications(),
    )
    return tests
  }

  /** @throws {UserError} where the tests of the packages do not pass without any mutant */
  async requireGreen(): Promise<void> {
    const tests = this.#tests.filter((test) => this.#packages.some((home) => isOf(test, home)))
    // Once more, because a test that waits for a busy machine says nothing of the code.
    const failed = (await this.#run(tests)) && (await this.#run(tests))
    await this.renew()
    if (failed) throw new UserError(`a test fails as it is (${failed.by}): fix it first, pnpm test`)
  }

  /**
   * The test that fails on the mutant; undefined where none of its package does.
   * @param first the test files to ask before all others
   * @param nearestOnly true for these and the tests in the folder of the mutant alone
   */
  async noticedBy(
    mutant: Mutant,
    first: readonly string[] = [],
    nearestOnly = false,
  ): Promise<Notice | undefined> {
    const path = join(this.#root, mutant.file)
    this.#mutant = mutant
    this.#reload(path)
    try {
      const groups = inOrder(mutant.file, first, this.#tests)
      for (const group of nearestOnly ? groups.slice(0, first.length + 2) : groups) {
        const noticed = await this.#run(group)
        if (noticed) return noticed
      }
      return undefined
    } finally {
      this.#mutant = undefined
      this.#reload(path)
    }
  }

  /** True if these test files pass in the thread that mutants have run in: none has left anything behind. */
  async isClean(tests: readonly string[]): Promise<boolean> {
    return (await this.#run(tests)) === undefined
  }

  /** From now on, tests run in a new thread. */
  renew(): Promise<void> {
    return this.#thread.end()
  }

  async close(): Promise<void> {
    await this.#vitest.close()
    await this.#thread.end()
  }

  /** Has a file read anew: by Vitest, and by the thread, which keeps the code of what it has loaded. */
  #reload(path: string): void {
    this.#vitest.invalidateFile(path)
    this.#vitest.watcher.invalidates.add(path)
  }

  get #tests(): string[] {
    return [...this.#specifications.keys()]
  }

  async #run(tests: readonly string[]): Promise<Notice | undefined> {
    const specifications = tests.flatMap((test) => this.#specifications.get(test) ?? [])
    if (specifications.length === 0) return undefined
    const { testModules, unhandledErrors } = await this.#vitest.runTestSpecifications(specifications)
    const asked = new Set(specifications.map(({ moduleId }) => moduleId))
    for (const module of testModules) {
      // Vitest gives the modules of earlier runs too, as they were.
      if (!asked.has(module.moduleId)) continue
      const where = module.relativeModuleId
      for (const test of module.children.allTests('failed')) return { by: test.fullName, where }
      if (module.state() === 'failed') return { by: `${where} cannot be run`, where }
    }
    const [where = ''] = tests
    return unhandledErrors.length > 0 ? { by: 'an error that no test caught', where } : undefined
  }

  #sourceOf(id: string): { code: string; map: null } | undefined {
    const mutant = this.#mutant
    return mutant && id.split('?')[0] === join(this.#root, mutant.file)
      ? { code: mutant.source, map: null }
      : undefined
  }
}

/**
 * The files to ask first, one by one; then the tests of the package in groups, the nearest first: the test of the file,
 * those of its folder, those of each folder above, all others.
 */
function inOrder(file: string, first: readonly string[], tests: readonly string[]): string[][] {
  const home = packageOf(file)
  const left = new Set(tests.filter((test) => isOf(test, home)))
  const take = (isWanted: (test: string) => boolean) => {
    const group = [...left].filter(isWanted)
    for (const test of group) left.delete(test)
    return group
  }
  const groups = first.map((name) => take((test) => test === name))
  groups.push(take((test) => test === file.replace(/\.ts$/, '.test.ts')))
  for (let folder = dirname(file); folder.startsWith(home); folder = dirname(folder)) {
    groups.push(take((test) => dirname(test) === folder))
  }
  return [...groups, [...left]]
}

/**
 * `services`, `framework/parties`: as far up as a test can be expected to know the file. In the runner each test but the
 * file's own runs whole patterns, which takes long and tells little: `framework/runner/judge-run`.
 */
export function packageOf(file: string): string {
  return /^framework\/runner\/[^/.]+|^framework\/(?:apps\/)?[^/]+|^[^/]+/.exec(file)?.[0] ?? ''
}

function isOf(test: string, home: string): boolean {
  return test.startsWith(`${home}/`) || test.startsWith(`${home}.`)
}
