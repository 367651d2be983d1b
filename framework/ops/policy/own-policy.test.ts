import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { policyFolder } from '../../parties/pdp/policy-record.ts'
import { openWasmPdp } from '../../parties/pdp/wasm-pdp.ts'
import { cacheFolder } from '../../process/folders.ts'
import { UserError } from '../../process/user-error.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { foundOpa } from '../native-stack/opa-binary.ts'
import { labPolicyFor, readOwnPolicy } from './own-policy.ts'

const realm = readRealm()
const binary = foundOpa(cacheFolder(process.env))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-policy-'))
  cpSync(policyFolder, folder, { recursive: true })
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function problemsOf(where = folder): Promise<string[]> {
  const error = await readOwnPolicy(where, realm).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(UserError)
  return (error as Error).message.split('\n')
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}

/** A machine without OPA, whatever this one has. */
function withoutOpa(): void {
  vi.stubEnv('OPA_BIN', join(folder, 'no-opa'))
  vi.stubEnv('XDG_CACHE_HOME', folder)
}

describe('a policy of one’s own is refused', () => {
  it.each([
    ['that is no folder', 'nowhere', /: no such folder; create one: pnpm run new --policy /],
    ['without Rego', 'empty', /: no \.rego file in it; start from/],
  ])('%s, in one line', async (_what, name, message) => {
    mkdirSync(join(folder, 'empty'))
    expect(await problemsOf(join(folder, name))).toEqual([expect.stringMatching(message)])
  })

  it('with all questions that it does not answer, and where OPA is missing, with that', async () => {
    withoutOpa()
    rmSync(join(folder, 'scope.rego'))
    write('gate.rego', 'package agentauth.gate\n\nallow := true\n')
    expect(await problemsOf()).toEqual([
      expect.stringMatching(/^policy .* has 3 problems$/),
      '  gate.rego: package agentauth.gate has no rule decisions: add one decision for each resource',
      '  scope.rego: no file has package agentauth.scope: add it, with a rule decisions',
      expect.stringMatching(
        /^ {2}policy\.wasm: not built from the Rego beside it, and opa was not found .*go install/,
      ),
    ])
  })

  it('with data that are no facts', async () => {
    write('data.json', '["alice"]')
    expect((await problemsOf()).at(-1)).toBe('  data.json: not a JSON object: correct it, or take it out')
  })
})

describe('a policy of one’s own', () => {
  it('runs without OPA where policy.wasm was built from it, on the facts of the realm and its own', async () => {
    withoutOpa()
    write('data.json', JSON.stringify({ users: { mallory: {} }, limit: 50 }))
    const { data } = await readOwnPolicy(folder, realm)
    const lab = JSON.parse(readFileSync(join(policyFolder, 'data.json'), 'utf8'))
    expect(data).toEqual({ ...lab, limit: 50 })
  })

  it('decides by the facts of the realm that runs', async () => {
    const users = realm.users.map((user) => (user.username === 'alice' ? { ...user, manager: 'dave' } : user))
    const policy = labPolicyFor({ ...realm, users })
    const pdp = await openWasmPdp(policy)
    const asks = (user: string) =>
      pdp.decide('relationships', {
        subject: { user, roles: ['user'] },
        actors: ['mcp-server'],
        scopes: ['expenses:approve'],
        action: 'expenses:approve',
        resources: [{ type: 'expense', id: '103', owner: 'alice' }],
      })
    expect(await asks('bob')).toMatchObject([{ allow: false }])
    expect(await asks('dave')).toMatchObject([{ allow: true }])
    // No OPA server has them.
    expect(policy.revision).toBe('')
    expect(labPolicyFor(realm).revision).not.toBe('')
  })

  it('is what a pattern is decided by', async () => {
    const policy = await readOwnPolicy(folder, realm)
    const runner = await new PatternRunner('p08', {
      realm,
      policy: { ...policy, data: { delegates: [] } },
    }).start()
    try {
      const { audit } = await runner.runAs('bob', 'What are my expenses?')
      expect(audit.at(-1)).toMatchObject({ decision: 'deny', decidedBy: 'opa' })
    } finally {
      await runner.stop()
    }
  })
})

describe.skipIf(!binary)('with OPA, a policy of one’s own', () => {
  it('is told with file and line where it does not compile', async () => {
    write('roles.rego', 'package agentauth.roles\n\nactions := {"user": {"expenses:read"}\n')
    write('extra.rego', 'package agentauth.extra\n\nx := nothing(\n')
    rmSync(join(folder, 'gate.rego'))
    expect(await problemsOf()).toEqual([
      expect.stringMatching(/ has 3 problems$/),
      expect.stringMatching(/^ {2}extra\.rego:\d: .*: correct it$/),
      expect.stringMatching(/^ {2}roles\.rego:\d: .*: correct it$/),
      expect.stringMatching(/^ {2}gate\.rego: no file has package agentauth\.gate/),
    ])
  })

  it('is refused where it allows a caller without a user, or answers something else', async () => {
    write(
      'gate.rego',
      'package agentauth.gate\n\ndecisions := [{"allow": true, "rule": "r", "reason": "r"} | input.resources[_]]\n',
    )
    write('scope.rego', 'package agentauth.scope\n\ndecisions := true\n')
    expect(await problemsOf()).toEqual([
      expect.stringMatching(/ has 2 problems$/),
      expect.stringMatching(/^ {2}agentauth\/gate\/decisions: allows a caller without a user/),
      expect.stringMatching(/^ {2}agentauth\/scope\/decisions: answers no list of \{ allow, rule, reason \}/),
    ])
  })

  it('is compiled after a change, with entry points that no comment names', async () => {
    const strict =
      'package agentauth.gate\n\ndecisions := [{"allow": false, "rule": "r", "reason": "closed"} | some _ in input.resources]\n'
    write('gate.rego', strict)
    const { wasm, data } = await readOwnPolicy(folder, realm)
    const pdp = await openWasmPdp({ wasm, data })
    const input = {
      subject: { user: 'alice', roles: ['admin'] },
      actors: [],
      scopes: ['expenses:read'],
      action: 'expenses:read',
      resources: [{ type: 'tool', id: 'list_expenses' }],
    } as const
    expect(await pdp.decide('gate', input)).toEqual([{ allow: false, rule: 'r', reason: 'closed' }])
  })
})
