import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newTraceparent } from '@lab/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from '../../parties/sign-in/index.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { defaultRealmFile } from '../../scenario/realm/index.ts'
import { runAttacks } from '../run-attacks.ts'
import { evilMcpServer } from './evil-mcp-server.ts'

let folder: string
let realmFile: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
  realmFile = join(folder, 'realm.json')
  const realm = JSON.parse(await readFile(defaultRealmFile, 'utf8'))
  realm.attributes = { ...realm.attributes, 'agent-auth.resource.indicators': 'true' }
  await writeFile(realmFile, JSON.stringify(realm))
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(['p05', 'p06', 'p07', 'p08'])(
  'a token that was asked for another MCP server, on %s',
  (pattern) => {
    it.each([
      ['is refused where the realm honours it', true, 'blocked', /invalid_target|resource indicator/],
      ['is good where it ignores it', false, 'succeeds', /ignores which resource/],
    ] as const)('%s', async (_what, honours, outcome, reason) => {
      const runner = new PatternRunner(pattern, honours ? { realmFile } : {})
      try {
        const [result] = await runAttacks(await runner.start(), [evilMcpServer])
        expect(result).toMatchObject({ outcome, reason: expect.stringMatching(reason) })
      } finally {
        await runner.stop()
      }
    })
  },
)

it('a realm that honours `resource` should give a token for its own MCP server, and without any', async () => {
  const runner = await new PatternRunner('p06', { realmFile }).start()
  try {
    const { idp, mcpUrl } = runner.stack
    const request = {
      issuer: idp.issuer,
      clientId: 'agent-app',
      redirectUri: 'http://127.0.0.1/callback',
      username: 'alice',
      password: 'alice',
      scopes: ['expenses:read'],
      fetch,
      traceparent: newTraceparent(),
    }
    expect((await signIn({ ...request, resource: mcpUrl })).scope).toContain('expenses:read')
    expect((await signIn(request)).scope).toContain('expenses:read')
    await expect(signIn({ ...request, resource: `${mcpUrl}/other` })).rejects.toThrow('invalid_target')
  } finally {
    await runner.stop()
  }
})
