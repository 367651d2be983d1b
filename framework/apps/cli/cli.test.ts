import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patternOrder } from '../../measure/declarations/order.ts'
import { patternsFolder } from '../../runner/load-pattern.ts'
import { runHere } from './testing/run-here.ts'

let scratch: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lab-cli-'))
  // What a process finds by the loader's hook, which the test runner does not have.
  await mkdir(join(scratch, 'node_modules/@lab'), { recursive: true })
  const contract = fileURLToPath(new URL('../../contract', import.meta.url))
  await symlink(contract, join(scratch, 'node_modules/@lab/contract'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** A copy of p06 with one of its files changed, added or taken away. */
async function brokenPattern(name: string, file: string, content: string | undefined): Promise<string> {
  const folder = join(scratch, name)
  await cp(join(patternsFolder, 'p06-scoped-token-opa'), folder, { recursive: true })
  if (content === undefined) await rm(join(folder, file))
  else await writeFile(join(folder, file), content)
  return folder
}

describe('bad input gets one line, exit code 2 and no stack trace', () => {
  const dead = 'http://127.0.0.1:9'
  const rows: [string, RegExp, () => Promise<string[]> | string[], Record<string, string>?][] = [
    [
      'no command',
      /^error: .* needs a command: pattern, attack, [a-z, ]+ or [a-z]+ \(see --help\)\n$/,
      () => [],
    ],
    ['an unknown command', /unknown command 'patern'/, () => ['patern']],
    ['an unknown option', /unknown option '--usr'/, () => ['pattern', 'p06', '--usr', 'alice']],
    [
      'an unknown pattern',
      /unknown pattern "p99": use p01–p\d\d, a folder name \(.* list\) or a path/,
      () => ['pattern', 'p99'],
    ],
    ['a folder that is not there', /unknown pattern "\.\/nowhere"/, () => ['pattern', './nowhere']],
    [
      'a folder without a file',
      /has no service-auth\.ts: a pattern is/,
      async () => ['pattern', await brokenPattern('no-file', 'service-auth.ts', undefined)],
    ],
    [
      'a wrong export',
      /must export getIdentity, and exports identity: compare it with patterns/,
      async () => [
        'pattern',
        await brokenPattern('wrong-export', 'service-auth.ts', 'export const identity = 1\n'),
      ],
    ],
    [
      'a handler of the wrong shape',
      /must export an object authHandler with a function prepareRequest/,
      async () => [
        'pattern',
        await brokenPattern('wrong-handler', 'mcp-auth.ts', 'export const authHandler = {}\n'),
      ],
    ],
    [
      'a credential that there is not',
      /whose credential is 'prompt', 'argument', 'bearer'/,
      async () => [
        'pattern',
        await brokenPattern(
          'wrong-credential',
          'mcp-auth.ts',
          "export const authHandler = { credential: 'cookie', async prepareRequest() { return {} } }\n",
        ),
      ],
    ],
    [
      'an import that there is not',
      /cannot be loaded: .*no-such-package/,
      async () => [
        'pattern',
        await brokenPattern(
          'import',
          'mcp-auth.ts',
          "import 'no-such-package'\nexport const authHandler = {}\n",
        ),
      ],
    ],
    [
      'an unknown user',
      /unknown user "carol": use alice, bob, dave/,
      () => ['pattern', 'p01', '--user', 'carol'],
    ],
    ['an empty user', /has an empty part/, () => ['pattern', 'p01', '--user', 'alice,']],
    ['a prompt out of range', /unknown prompt "8": use 1 to 7/, () => ['pattern', 'p01', '--prompt', '8']],
    ['a prompt that is no number', /unknown prompt "all"/, () => ['pattern', 'p01', '--prompt', 'all']],
    [
      'a document of an explanation',
      /^error: --json is for/,
      () => ['attack', '--explain', 'own-key', '--json'],
    ],
    ['a list of traces as JSON', /^error: --format jsonl is for/, () => ['audit', '--format', 'jsonl']],
    ['a list of traces for a SIEM', /^error: --format otlp is for/, () => ['audit', '--format', 'otlp']],
    [
      'a report of what is not sent',
      /^error: --dry-run sends nothing, .*leave --report out/,
      () => ['probe', 'http://127.0.0.1:9/mcp', '--dry-run', '--report', 'json'],
    ],
    ['two kinds of prompt', /exclude each other/, () => ['pattern', 'p01', '--prompt', '1', '--ask', 'x']],
    ['an empty question', /--ask is empty/, () => ['pattern', 'p01', '--ask', ' ']],
    [
      'a part that cannot be shown',
      /--show must be of tokens, hops, audit, [^\n]*not "keys"/,
      () => ['pattern', 'p01', '--show', 'keys'],
    ],
    ['an unknown PDP', /--pdp must be wasm or opa, not "cedar"/, () => ['pattern', 'p06', '--pdp', 'cedar']],
    ['an unreachable PDP', /OPA/, () => ['pattern', 'p06', '--pdp', 'opa'], { OPA_URL: dead }],
    ['a model without a key', /needs a key or an endpoint/, () => ['pattern', 'p01', '--model', 'gpt']],
    [
      'an unreachable model',
      /127\.0\.0\.1:9/,
      () => ['pattern', 'p01', '--model', 'gpt'],
      { OPENAI_BASE_URL: `${dead}/v1` },
    ],
    ['a pattern to attack that there is not', /unknown pattern "p99"/, () => ['attack', 'p99']],
    ['an unknown attack', /unknown attack "magic"/, () => ['attack', 'p01', '--only', 'magic']],
    ['a name that is taken', /it exists already/, () => ['new', scratch]],
    [
      'an origin that there is not',
      /unknown pattern "p77"/,
      () => ['new', join(scratch, 'x'), '--from', 'p77'],
    ],
    ['one pattern to compare', /missing required argument 'b'/, () => ['diff', 'p05']],
  ]
  it.each(rows)('%s', async (_what, message, args, env) => {
    const { code, out, err } = await runHere(await args(), env)
    expect(`${out}${err}`).toMatch(message)
    expect(code).toBe(2)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

describe('check', () => {
  it('finds a third file, a missing file, a second export and a missing header', async () => {
    const third = await brokenPattern('third', 'helper.ts', 'export const help = 1\n')
    const missing = await brokenPattern('missing', 'mcp-auth.ts', undefined)
    const header = await brokenPattern(
      'header',
      'mcp-auth.ts',
      'export const authHandler = {}\nexport const x = 1\n',
    )
    const { code, out } = await runHere(['check', third, missing, header])
    expect(code).toBe(1)
    expect(out).toContain('helper.ts: a third file')
    expect(out).toContain('mcp-auth.ts: missing')
    expect(out).toContain('mcp-auth.ts: needs a header comment')
    expect(out).toContain('must export authHandler and nothing else, and exports authHandler, x')
  })
})

describe('pattern', () => {
  it('prints one JSON document', async () => {
    const { code, out } = await runHere(['pattern', '8', '--json', '--timings'])
    expect(code).toBe(0)
    const document = JSON.parse(out)
    expect(document).toMatchObject({
      pattern: 'p08-token-bound',
      stack: { idp: 'embedded', pdp: 'wasm', model: 'scripted' },
    })
    expect(Object.keys(document)).toEqual(['pattern', 'stack', 'cells', 'identities', 'audit', 'timings'])
    expect(document.cells).toHaveLength(21)
    for (const cell of document.cells) {
      expect(cell).toMatchObject({
        user: expect.stringMatching(/^(alice|bob|dave)$/),
        prompt: expect.any(Number),
        tool: expect.any(String),
        outcome: cell.expected,
        decidedBy: 'opa',
        reason: expect.any(String),
        status: expect.any(Number),
        overshared: 0,
      })
    }
  })

  it('says that the model is scripted, in every form', async () => {
    expect((await runHere(['pattern', 'p01', '--user', 'bob', '--prompt', '1'])).out).toContain(
      'model scripted',
    )
    expect(
      (await runHere(['pattern', 'p01', '--user', 'bob', '--ask', 'What are my expenses?'])).out,
    ).toMatch(/\[scripted model\]/)
  })

  it.each(['p02', 'p03', 'p04', 'p05', 'p08'])(
    'shows no secret of %s',
    { timeout: 60_000 },
    async (which) => {
      const { out } = await runHere(['pattern', which, '--show', 'tokens,hops,audit', '--prompt', '2,5'])
      expect(out).toContain('How the first call travelled')
      expect(out).not.toMatch(/eyJ[\w-]{10,}\./)
      expect(out).not.toMatch(/demo-(key|secret)/)
      expect(out).not.toMatch(/Basic [\w+/=]{8,}/)
    },
  )

  it('does not repeat a key that a document made the model say', async () => {
    const { out } = await runHere([
      'pattern',
      'p03',
      '--user',
      'bob',
      '--ask',
      'Submit a 1 euro demo-key-of-bob expense.',
    ])
    expect(out).not.toContain('demo-key-of-bob')
  })
})

describe('list', () => {
  it('names each pattern, the ladder first, one line each', async () => {
    const { code, out } = await runHere(['list'], { COLUMNS: '300' })
    expect(code).toBe(0)
    const names = out
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0])
    expect(names).toEqual((await patternOrder()).names)
  })
})

describe('doctor', () => {
  it('has a line for each part, and a remedy for what is bad', async () => {
    const { code, out } = await runHere(['doctor'], { OPA_URL: 'http://127.0.0.1:9' })
    expect(code).toBe(1)
    for (const part of [
      'Node',
      'loopback ports',
      'realm file',
      'policy',
      'Keycloak',
      'OPA server',
      'model',
    ]) {
      expect(out).toContain(part)
    }
    expect(out).toMatch(/BAD\s+OPA server/)
    expect(out).toMatch(/OPA server: .*OPA_URL/)
  })
})
