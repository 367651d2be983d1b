/**
 * Runs the official MCP conformance suite, its release and its preview with 2026-07-28: against the fixture server and
 * the patterns' own server, and against the agent's MCP client.
 */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { newTraceparent } from '@lab/contract'
import { listen } from '@lab/services'
import { createFixtureServer } from '../../../services/testing/conformance/fixture-server.ts'
import type { Serve } from '../../runner/behind-proxy.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** One run of the suite: which of its versions, with which arguments. */
interface SuiteRun {
  readonly name: string
  readonly version: '0.1' | '0.2'
  readonly args: readonly string[]
  /** File in `expected-failures/`. */
  readonly expected: string
}

/** The scenarios of the suite that need no fixture of their own. */
const sharedScenarios: readonly (readonly [scenario: string, specification: string])[] = [
  ['server-initialize', '2025-11-25'],
  ['ping', '2025-11-25'],
  ['tools-list', '2025-11-25'],
  ['dns-rebinding-protection', '2025-11-25'],
  ['tools-list', '2026-07-28'],
  ['dns-rebinding-protection', '2026-07-28'],
  ['http-header-validation', '2026-07-28'],
  ['server-stateless', '2026-07-28'],
]

const scratch = await mkdtemp(join(tmpdir(), 'lab-conformance-'))

/** Runs all of it, says in a line what came of each part, and ends the process. */
export async function runConformance(): Promise<never> {
  const fixtures = await listen()
  fixtures.serve(createFixtureServer().fetch)
  const open = await new PatternRunner('p01').start()
  const signedIn = await startSignedIn()
  let failed = 0
  try {
    const client = `${process.execPath} ${await bundledClient()}`
    const runs = [
      ...serverRuns('fixtures', `${fixtures.url}/mcp`),
      ...sharedRuns('p01', open.stack.mcpUrl),
      ...sharedRuns('p06, signed in', signedIn.stack.mcpUrl),
      ...clientRuns(client),
    ]
    for (const run of runs) if (!(await passes(run))) failed++
    console.log(`${runs.length - failed} passed, ${failed} failed`)
  } finally {
    await Promise.all([fixtures.close(), open.stop(), signedIn.stop(), rm(scratch, { recursive: true })])
  }
  process.exit(failed === 0 ? 0 : 1)
}

function serverRuns(name: string, url: string): SuiteRun[] {
  const run = (version: SuiteRun['version'], expected: string, ...args: string[]): SuiteRun => ({
    name: `server (${name}), ${expected}`,
    version,
    expected,
    args: ['server', '--url', url, ...args],
  })
  return [
    run('0.1', '0.1', '--suite', 'active'),
    run('0.2', '2025-11-25', '--requirements', '2025-11-25'),
    run('0.2', '2026-07-28', '--requirements', '2026-07-28'),
  ]
}

function sharedRuns(name: string, url: string): SuiteRun[] {
  return sharedScenarios.map(([scenario, specification]) => ({
    name: `server (${name}), ${specification} ${scenario}`,
    version: '0.2',
    expected: 'shared',
    args: ['server', '--url', url, '--spec-version', specification, '--scenario', scenario],
  }))
}

function clientRuns(command: string): SuiteRun[] {
  const run = (version: SuiteRun['version'], expected: string, ...args: string[]): SuiteRun => ({
    name: `client, ${expected}`,
    version,
    expected,
    // All scenarios of a suite start at once: on a small machine the last to be served waits long.
    args: ['client', '--command', command, '--timeout', '180000', ...args],
  })
  return [
    run('0.1', '0.1', '--suite', 'all'),
    run('0.2', '2025-11-25', '--requirements', '2025-11-25'),
    run('0.2', '2026-07-28', '--requirements', '2026-07-28'),
  ]
}

/** Runs the suite and says in a line what came of it; where it failed, also what the suite said. */
async function passes(run: SuiteRun): Promise<boolean> {
  const { code, output } = await runSuite(run)
  const total = /^(?:Total|Passed): .*$/m.exec(output)?.[0] ?? 'no result'
  const again = code === 0 ? [] : unexpectedFailures(output)
  const passed = code === 0 || (run.args[0] === 'client' && again.length > 0 && (await passAlone(run, again)))
  const note = passed && code !== 0 ? ` (run once more, each alone: ${again.join(', ')})` : ''
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${run.name}: ${total}${note}`)
  if (!passed) console.log(output.slice(-8_000))
  return passed
}

/** Some scenarios measure time, and forty clients at once leave a small machine none: alone they have to pass. */
async function passAlone(run: SuiteRun, scenarios: readonly string[]): Promise<boolean> {
  for (const scenario of scenarios) {
    const suite = run.args.findIndex((word) => word === '--suite' || word === '--requirements')
    const specification =
      run.args[suite] === '--requirements' ? ['--spec-version', run.args[suite + 1] ?? ''] : []
    const args = [...run.args.slice(0, suite), ...specification, '--scenario', scenario]
    if ((await runSuite({ ...run, args })).code !== 0) return false
  }
  return true
}

function unexpectedFailures(output: string): string[] {
  const list = /Unexpected failures \(not in baseline\):[^\n]*\n((?: +✗ [^\n]+\n)+)/.exec(output)?.[1] ?? ''
  return [...list.matchAll(/✗ (\S+)/g)].flatMap(([, scenario]) => scenario ?? [])
}

async function runSuite({
  version,
  args,
  expected,
}: SuiteRun): Promise<{ code: number | null; output: string }> {
  const suite = here(`node_modules/conformance-${version}/dist/index.js`)
  const expectedFailures = ['--expected-failures', here(`expected-failures/${expected}.yml`)]
  const command = ['--import', here('fs-glob-sync.mjs'), suite, ...args, ...expectedFailures]
  const child = spawn(process.execPath, command, { cwd: scratch, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

/** p06, with alice's token added to what the suite sends: the suite itself brings none. */
async function startSignedIn(): Promise<PatternRunner> {
  const runner = new PatternRunner('p06', { frontDoor: { around: (serve) => asAlice(serve) } })
  const asAlice =
    (serve: Serve): Serve =>
    async ({ url, method, headers: sent, body, signal }) => {
      const headers = new Headers(sent)
      headers.set(
        'authorization',
        `Bearer ${await runner.stack.sessions.accessTokenOf('alice', newTraceparent())}`,
      )
      return serve(new Request(url, { method, headers, body, signal, duplex: 'half' }))
    }
  return runner.start()
}

/** One file that starts fast: the suite starts some forty clients at once. */
async function bundledClient(): Promise<string> {
  const outfile = join(scratch, 'client.mjs')
  // Some of what is bundled is CommonJS and asks for Node's own modules by `require`.
  const require =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"
  await promisify(execFile)(here('node_modules/.bin/esbuild'), [
    here('conformance-client.ts'),
    ...['--bundle', '--platform=node', '--format=esm', `--outfile=${outfile}`, `--banner:js=${require}`],
  ])
  return outfile
}
