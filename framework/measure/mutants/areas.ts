import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findOpa } from '../../ops/policy/opa.ts'
import type { Mutant } from './mutant.ts'
import { PatternRuns } from './pattern-runs.ts'
import { RegoTests, regoMutantsOf } from './rego.ts'
import { mutantsOf } from './typescript.ts'
import { packageOf, UnitTests } from './unit-tests.ts'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Code that makes checks, and what has to notice when one is missing. */
export interface Area {
  readonly title: string
  readonly judges: string
  readonly mutants: readonly Mutant[]
  /** Starts what judges: one for each lane. @throws {UserError} where it does not accept the code as it is */
  open(): Promise<readonly Judge[]>
}

export interface Judge {
  /** The attack or test that notices; undefined where none does. */
  noticedBy(mutant: Mutant): Promise<string | undefined>
  close(): Promise<void>
}

/** Presets, and what of services, MCP server and PDP lets through or refuses. */
const code = [
  ...inside('framework/contract/presets'),
  'framework/contract/policy.ts',
  'framework/contract/same-secret.ts',
  ...inside('framework/parties/pdp'),
  ...['authorize', 'roles', 'operation', 'error-response'].map((name) => `services/shared/${name}.ts`),
  ...['protected-resource', 'endpoint', 'server', 'tool-server', 'call-tool'].map(
    (name) => `services/mcp/${name}.ts`,
  ),
]

export const patterns: Area = {
  title: 'Patterns',
  judges: 'honest runs, then the attacks',
  mutants: folders('patterns').flatMap(inside).flatMap(typescriptMutants),
  open: async () => [await PatternRuns.open()],
}

export const checks: Area = {
  title: 'Presets, services, MCP server, PDP',
  judges: 'the tests beside the code, then those of its package',
  mutants: code.flatMap(typescriptMutants),
  async open() {
    // Two, because this is by far the longest list.
    const [first, second] = [await UnitTests.open(root), await UnitTests.open(root)]
    await first.requireGreen([...new Set(code.map(packageOf))])
    return [first, second]
  },
}

/** @throws {UserError} without OPA */
export function policy(): Area {
  const opa = findOpa()
  return {
    title: 'Policy',
    judges: '`opa test`',
    mutants: readdirSync(join(root, 'opa'))
      .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
      .flatMap((name) => regoMutantsOf(opa, `opa/${name}`, read(`opa/${name}`), join(root, 'opa', name))),
    async open() {
      const tests = new RegoTests(opa, join(root, 'opa'))
      await tests.requireGreen()
      return [tests]
    },
  }
}

function typescriptMutants(file: string): Mutant[] {
  return mutantsOf(file, read(file))
}

function inside(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`)
}

function folders(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => `${folder}/${name}`)
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
