import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findOpa } from '../../ops/policy/opa.ts'
import { UserError } from '../../process/user-error.ts'
import type { Mutant, Notice } from './mutant.ts'
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
  /**
   * Starts what judges.
   * @throws {UserError} where it does not run
   */
  open(): Promise<Judge>
}

export interface Judge {
  /** @throws {UserError} where the code as it is does not pass */
  requireGreen?(): Promise<void>
  /**
   * The first that notices; undefined where nothing does.
   * @param first who noticed the last time
   * @param nearestOnly true if it is enough to ask these and what is next to the mutant
   */
  noticedBy(mutant: Mutant, first: readonly string[], nearestOnly: boolean): Promise<Notice | undefined>
  /** True if mutants before have left anything behind that makes these fail without one. */
  isClean?(where: readonly string[]): Promise<boolean>
  /** Forgets what mutants before may have left behind. */
  renew?(): Promise<void>
  close(): Promise<void>
}

/** Presets, and what of services, MCP server and PDP lets through or refuses. */
const code = [
  // The words for a token that has been refused let nothing through.
  ...inside('framework/contract/presets').filter((file) => !file.endsWith('/refused-token.ts')),
  'framework/contract/policy.ts',
  'framework/contract/same-secret.ts',
  // The record of the policy says what is fresh, and lets nothing through.
  ...inside('framework/parties/pdp').filter((file) => !file.endsWith('/policy-record.ts')),
  ...[
    'authorize',
    'roles',
    'operation',
    'current-call',
    'permission',
    'change-with-record',
    'error-response',
  ].map((name) => `services/shared/${name}.ts`),
  ...['protected-resource', 'endpoint', 'server', 'tool-server', 'call-tool'].map(
    (name) => `services/mcp/${name}.ts`,
  ),
]

/** Code that makes checks, beside much else that it does: whole conditions, steps and bounds are taken out of it. */
const checksIn = [
  ...[
    'bounded-fetch',
    'identity',
    'loopback',
    'proof-keys',
    'traceparent',
    'verified-tokens',
    'visible-text',
    'while-waited',
  ].map((name) => `framework/contract/${name}.ts`),
  ...inside('framework/trace/recorder'),
  // What is left out gives a line its form, and checks nothing.
  ...inside('framework/trace/audit').filter((file) => !/\/(ecs|otlp|text)\.ts$/.test(file)),
  ...['idp', 'idp/approvals', 'oauth-client', 'replay-store', 'sign-in'].flatMap((name) =>
    inside(`framework/parties/${name}`),
  ),
  'framework/runner/judge-run.ts',
  ...inside('framework/apps/api-docs'),
  ...['data', 'directory', 'documents', 'expenses', 'mcp', 'shared'].flatMap((name) =>
    inside(`services/${name}`),
  ),
].filter((file) => !code.includes(file) && !/\/(openapi|page-data|advice)\.ts$/.test(file))

const patterns: Area = {
  title: 'Patterns',
  judges: 'honest runs, then the attacks',
  mutants: folders('patterns').flatMap(inside).flatMap(typescriptMutants),
  open: () => PatternRuns.open(),
}

const checks: Area = {
  title: 'Presets, services, MCP server, PDP, IdP, clients, recorder, journal, judge, documentation page',
  judges: 'the tests beside the code, then those of its package',
  mutants: [
    ...code.flatMap(typescriptMutants),
    ...checksIn.flatMap((file) => mutantsOf(file, read(file), { checksOnly: true })),
  ],
  open: () => UnitTests.open(root, [...new Set([...code, ...checksIn].map(packageOf))]),
}

/** @throws {UserError} without OPA */
function policy(): Area {
  const opa = findOpa()
  return {
    title: 'Policy',
    judges: '`opa test`',
    mutants: ['opa', 'opa/server']
      .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
      .filter((file) => file.endsWith('.rego') && !file.endsWith('_test.rego'))
      .flatMap((file) => regoMutantsOf(opa, file, read(file), join(root, file))),
    open: async () => new RegoTests(opa, join(root, 'opa')),
  }
}

/** The areas that can be judged here, and why the policy cannot be, where it is not among them. */
export function chooseAreas(): { areas: readonly Area[]; notRun?: string } {
  const always = [patterns, checks]
  try {
    return { areas: [...always, policy()] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { areas: always, notRun: error.message }
  }
}

/** @throws {UserError} for the policy without OPA */
export function areaOf(title: string): Area {
  return [patterns, checks].find((area) => area.title === title) ?? policy()
}

function typescriptMutants(file: string): Mutant[] {
  return mutantsOf(file, read(file))
}

function inside(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name))
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
