import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runHere } from '../../process/testing/run-here.ts'
import { type Realm, readRealm } from '../../scenario/realm/index.ts'
import { policyData } from './policy-data.ts'
import { program } from './program.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

describe('policyData', () => {
  const realm = readRealm()
  const act = realm.clients
    .flatMap(({ optionalScopes }) => optionalScopes)
    .find(({ name }) => name === 'act-mcp-server')

  /** The realm, with the optional scopes of one client replaced. */
  function withScopes(clientId: string, optionalScopes: Realm['clients'][number]['optionalScopes']): Realm {
    const clients = realm.clients.map((client) =>
      client.clientId === clientId ? { ...client, optionalScopes } : client,
    )
    return { ...realm, clients }
  }

  it('does not list a client whose act scope was taken away', () => {
    expect(policyData(withScopes('mcp-server', [])).delegates).toEqual([])
  })

  it('does not list a client that holds the act scope of another one', () => {
    expect(act).toBeDefined()
    expect(policyData(withScopes('rogue-agent', act ? [act] : [])).delegates).toEqual(['mcp-server'])
  })

  const everyAction = [
    'expenses:read',
    'expenses:write',
    'expenses:approve',
    'documents:read',
    'users:manage',
  ]

  it('gives an agent no action whose scope was taken away, and none to a client that has users', () => {
    const scopes = realm.clients.flatMap(({ optionalScopes }) => optionalScopes)
    const some = scopes.filter(({ name }) => ['documents:read', 'to-documents'].includes(name)).slice(0, 2)
    expect(policyData(withScopes('nightly-job', some)).agents).toEqual({
      'nightly-job': ['documents:read'],
      'nightly-workload': everyAction,
    })
  })

  it('lists who reports to whom, the agent that was given the delegation, and what another has for itself', () => {
    expect(policyData(realm)).toEqual({
      users: {
        alice: { department: 'engineering', manager: 'bob' },
        bob: { department: 'engineering' },
        dave: { department: 'platform' },
      },
      delegates: ['mcp-server'],
      agents: { 'nightly-job': everyAction, 'nightly-workload': everyAction },
    })
  })
})

describe('policy', () => {
  it.each([['build'], ['check --opa']])('refuses %s without OPA and says how to get it', async (words) => {
    const { code, err } = await runHere(program(), words.split(' '), { OPA_BIN: join(root, 'no-such-opa') })
    expect(err).toMatch(
      /^error: opa was not found [^\n]* go install github\.com\/open-policy-agent\/opa@v1\.[^\n]*\n$/,
    )
    expect(code).toBe(2)
  })

  it('checks what is committed without OPA, and says aloud what it could not check', async () => {
    const { code, out, err } = await runHere(program(), ['check'], { OPA_BIN: join(root, 'no-such-opa') })
    expect(err).toMatch(/^SKIPPED .*neither tested nor compiled/)
    expect(out.match(/^ok {4}/gm)).toHaveLength(2)
    expect(code).toBe(0)
  })
})
