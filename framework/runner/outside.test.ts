import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patternsFolder } from './load-pattern.ts'

/** p06 with kept tokens, and an approval that fails with an error of the library. */
const mcpAuth = `
import { type AuthHandler, askGate, exchangeToken } from '@lab/contract'
import { createTokenEndpoint, TokenCache } from '@lab/framework/oauth-client'

const cache = new TokenCache()

export const authHandler = {
  credential: 'bearer',
  async beforeToolCall(call, server) {
    return askGate(call, server)
  },
  async prepareRequest(call, _request, server) {
    const target = { audience: call.service, scope: [call.scope] }
    if (call.tool === 'approve_expense') {
      createTokenEndpoint({ metadata: { issuer: 'https://idp.example' }, clientId: 'x', clientSecret: 'x', fetch })
    }
    const token = await cache.tokenFor(call, target, () => exchangeToken(call, server, target))
    return { authorization: \`Bearer \${token}\` }
  },
} satisfies AuthHandler
`

/** In a process of its own: the test runner resolves imports by other means. */
async function runPattern(folder: string): Promise<string> {
  const cwd = fileURLToPath(new URL('../../', import.meta.url))
  const args = ['--import', 'tsx', 'framework/apps/cli/main.ts', 'pattern', folder, '--user', 'bob']
  const { stdout } = await promisify(execFile)(process.execPath, [...args, '--prompt', '1,2,5', '--json'], {
    cwd,
    env: { ...process.env, AUDIT_LOG: join(folder, '..', 'audit.jsonl') },
    maxBuffer: 10_000_000,
  })
  return stdout
}

describe('a pattern outside of the repository', () => {
  let scratch: string
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'lab-outside-'))
  })
  afterAll(() => rm(scratch, { recursive: true }))

  it('can import the OAuth client, which throws the errors that the framework knows', async () => {
    const folder = await mkdtemp(join(scratch, 'mine-'))
    await copyFile(
      join(patternsFolder, 'p06-scoped-token-opa/service-auth.ts'),
      join(folder, 'service-auth.ts'),
    )
    await writeFile(join(folder, 'mcp-auth.ts'), mcpAuth)
    const { cells, audit } = JSON.parse(await runPattern(folder)) as {
      cells: { outcome: string; status: number }[]
      audit: { action: string }[]
    }
    expect(cells).toMatchObject([
      { outcome: 'allowed', status: 200 },
      { outcome: 'allowed', status: 200 },
      // An AuthError of another copy of the contract would be an unexpected error, 500.
      { outcome: 'error', status: 503 },
    ])
    // Both lists were had with the one token.
    expect(audit.filter(({ action }) => action === 'token_exchange')).toHaveLength(1)
  })
})
