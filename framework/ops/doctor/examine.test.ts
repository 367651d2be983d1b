import { listen } from '@lab/services'
import { afterEach, describe, expect, it } from 'vitest'
import { examine } from './examine.ts'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const part of running.splice(0)) await part.close()
})

async function serve(answer: (request: Request) => Response): Promise<string> {
  const listener = await listen()
  running.push(listener)
  listener.serve(answer)
  return listener.url
}

async function finding(what: string, env: Record<string, string>) {
  return (await examine({ PATH: process.env.PATH, ...env })).find((each) => each.what === what)
}

describe('examine', () => {
  it('finds what every run needs', async () => {
    const findings = await examine({ PATH: process.env.PATH })
    for (const what of ['Node', 'loopback ports', 'realm file', 'policy (wasm)', 'policy is fresh']) {
      expect(findings.find((each) => each.what === what)).toMatchObject({ state: 'good' })
    }
  })

  it('explains an issuer of another name', async () => {
    const issuer = 'https://login.example/realms/agent-auth'
    const metadata = { issuer, token_endpoint: `${issuer}/token`, scopes_supported: [] }
    const url = await serve(() => Response.json(metadata))
    expect(await finding('Keycloak', { KEYCLOAK_URL: url })).toMatchObject({
      state: 'bad',
      remedy: expect.stringMatching(/calls itself https:\/\/login\.example.*KEYCLOAK_URL.*KEYCLOAK_ISSUER/),
    })
  })

  it('says what an OPA server serves instead of the policy', async () => {
    const url = await serve(() => Response.json({ provenance: { bundles: { other: { revision: 'abc' } } } }))
    expect(await finding('OPA server', { OPA_URL: url })).toMatchObject({
      state: 'bad',
      remedy: expect.stringContaining('has policy abc, not'),
    })
  })

  it.each([
    ['Keycloak', 'KEYCLOAK_URL'],
    ['OPA server', 'OPA_URL'],
    ['model', 'OPENAI_BASE_URL'],
  ])('finds %s bad where %s names an address at which nobody answers', async (what, variable) => {
    expect(await finding(what, { [variable]: 'http://127.0.0.1:9' })).toMatchObject({ state: 'bad' })
  })

  it('says what notebooks lack, that uv would fetch it, and that pnpm is not needed', async () => {
    const bare = await examine({ PATH: '/no/such' })
    expect(bare.find(({ what }) => what === 'for notebooks: JupyterLab')).toMatchObject({
      state: 'off',
      remedy: expect.stringContaining('install uv'),
    })
    expect(bare.find(({ what }) => what === 'for handout: Chromium')).toMatchObject({ state: 'off' })
    expect(bare.find(({ what }) => what === 'pnpm')).toMatchObject({ state: 'off' })
  })

  it('says what stack up lacks, and how to get it', async () => {
    const findings = await examine({
      PATH: process.env.PATH,
      JAVA_HOME: '/no/such',
      XDG_CACHE_HOME: '/no/such',
    })
    expect(findings.find(({ what }) => what === 'for stack up: Java')).toMatchObject({
      state: 'off',
      remedy: expect.stringContaining('install a JDK'),
    })
  })
})
