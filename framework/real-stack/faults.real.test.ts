import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TokenProfile, tokenProfiles } from '@lab/contract'
import { listen } from '@lab/services'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../attacks/index.ts'
import { runAttacks } from '../attacks/run-attacks.ts'
import { policyFolder } from '../policy/policy-record.ts'
import { readRealm } from '../realm/index.ts'
import { runCells } from '../runner/cells.ts'
import { PatternRunner } from '../runner/pattern-runner.ts'
import type { StackOptions } from '../runner/stack.ts'
import { UserError } from '../user-error.ts'
import { AdminApi } from './admin-api.ts'
import { connectKeycloak } from './keycloak-idp.ts'
import { NativeStack } from './native-stack.ts'

/** A stack of this suite's own, to be broken: the one that runs beside it is not touched. */
const folder = mkdtempSync(join(tmpdir(), 'real-stack-'))
const realm = readRealm()
const admin = { username: 'admin', password: 'admin' }
const [keycloakPort = 0, managementPort = 0, opaPort = 0, nobodysPort = 0] = await freePorts(4)
const place = {
  keycloakUrl: `http://127.0.0.1:${keycloakPort}`,
  managementPort,
  opaUrl: `http://127.0.0.1:${opaPort}`,
  admin,
  stateFolder: folder,
}
const stack = new NativeStack(place)
const keycloak = { url: place.keycloakUrl, admin, secrets: {} }
const both: StackOptions = { keycloak, opaUrl: place.opaUrl }
const api = new AdminApi(keycloak, realm.name)
const progress = { report() {}, update() {} }

beforeAll(() => stack.up(progress))
afterAll(async () => {
  await stack.down()
  rmSync(folder, { recursive: true })
})

const runners: PatternRunner[] = []
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop()
})

async function started(which: string, options: StackOptions = both): Promise<PatternRunner> {
  const runner = await new PatternRunner(which, options).start()
  runners.push(runner)
  return runner
}

/** Alice asks for her expenses, which she may have. */
async function ask(runner: PatternRunner) {
  const [cell] = await runCells(runner, ['alice'], [1])
  return cell
}

describe('a Keycloak that is not as it should be', () => {
  it.each([
    [
      'is not there',
      { ...keycloak, url: `http://127.0.0.1:${nobodysPort}` },
      realm,
      /no Keycloak answers at http:\/\/127\.0\.0\.1:\d+: start one/,
    ],
    [
      'is another server',
      { ...keycloak, url: place.opaUrl },
      realm,
      /has no realm agent-auth|is no Keycloak/,
    ],
    ['has no such realm', keycloak, { ...realm, name: 'elsewhere' }, /has no realm elsewhere: import/],
    [
      'has another secret',
      keycloak,
      withSecret('wrong'),
      /refuses mcp-server: a wrong secret.*MCP_SERVER_CLIENT_SECRET/,
    ],
    [
      'has an older realm',
      keycloak,
      withScope('invoices:read'),
      /is not the one of .*no client scope invoices:read/,
    ],
    [
      'is reached by another name',
      { ...keycloak, url: `http://localhost:${keycloakPort}` },
      realm,
      /calls itself http:\/\/127\.0\.0\.1:.*KEYCLOAK_URL.*KEYCLOAK_ISSUER/,
    ],
  ])('should be refused in one line where it %s', async (_case, settings, expected, reason) => {
    const connecting = connectKeycloak(settings, expected)
    await expect(connecting).rejects.toThrow(reason)
    await expect(connecting).rejects.toBeInstanceOf(UserError)
  })

  it('should be refused as an administrator’s where the password is wrong', async () => {
    const wrong = new AdminApi({ ...keycloak, admin: { ...admin, password: 'wrong' } }, realm.name)
    await expect(wrong.get('')).rejects.toThrow(
      /does not take admin as its administrator.*KC_BOOTSTRAP_ADMIN_PASSWORD/,
    )
  })
})

describe('an issuer with two names', () => {
  it.each(['p05', 'p08'])('%s should work as configured', async (which) => {
    const issuer = `${place.keycloakUrl}/realms/agent-auth`
    const inside = { ...keycloak, url: `http://localhost:${keycloakPort}`, issuer }
    expect(await ask(await started(which, { ...both, keycloak: inside }))).toMatchObject({
      outcome: 'allowed',
    })
  })
})

describe('clocks that differ', () => {
  it.each([
    ['30 s ahead', 25, 'allowed', /expense is alice's own/],
    ['30 s behind', -25, 'allowed', /expense is alice's own/],
    ['10 min ahead', 600, 'denied', /"exp" claim timestamp check failed/],
    ['10 min behind', -600, 'denied', /"iat" claim timestamp check failed/],
  ])('a service %s', async (_case, seconds, outcome, reason) => {
    const runner = await started('p07')
    runner.stack.servicesClock.offset = seconds * 1000
    const cell = await ask(runner)
    expect(cell).toMatchObject({ outcome })
    expect(cell?.reason).toMatch(reason)
  })
})

describe('a realm that changes while a pattern runs', () => {
  it('should go on with a new signing key, without a restart', async () => {
    const runner = await started('p06')
    expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
    const keys = await signingKeys()
    await api.send('POST', '/components', {
      name: 'rotated',
      providerId: 'ecdsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      config: { ecdsaEllipticCurveKey: ['P-256'], priority: ['200'] },
    })
    expect(await signingKeys()).toHaveLength(keys.length + 1)
    // Longer than the keys' cool-down: a flood of unknown key ids must not become a flood of fetches.
    await sleep(2_100)
    runner.stack.sessions.forget()
    expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
  })

  it('should refuse where the mapper of the audience is gone, and say so', async () => {
    const runner = await started('p06')
    const [client] = await api.get<{ id: string }[]>('/clients?clientId=mcp-server')
    const scopes = await api.get<{ id: string; name: string }[]>('/client-scopes')
    const path = `/clients/${client?.id}/default-client-scopes/${scopes.find(({ name }) => name === 'to-expenses')?.id}`
    await api.send('DELETE', path)
    try {
      expect(await ask(runner)).toMatchObject({
        outcome: 'denied',
        decidedBy: 'idp',
        reason: expect.stringContaining('Requested audience not available: expenses'),
      })
    } finally {
      await api.send('PUT', path)
    }
    expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
  })
})

describe('a Keycloak that writes its tokens in another form', () => {
  const settings = {
    'access.token.header.type.rfc9068': 'false',
    'access.token.signed.response.alg': 'RS256',
  }
  const profile: TokenProfile = {
    ...tokenProfiles.keycloak,
    type: 'JWT',
    algorithms: ['RS256'],
    // Two services that go by each other's names: so request and check can be seen to follow the profile.
    audience: {
      expenses: 'documents',
      documents: 'expenses',
      directory: 'directory',
      'mcp-server': 'mcp-server',
    },
  }
  const undo: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    for (const clientId of ['agent-app', 'mcp-server']) {
      const [client] = await api.get<{ id: string; attributes: object }[]>(`/clients?clientId=${clientId}`)
      const path = `/clients/${client?.id}`
      await api.send('PUT', path, { ...client, attributes: { ...client?.attributes, ...settings } })
      const before = {
        ...client,
        attributes: { ...client?.attributes, 'access.token.signed.response.alg': '' },
      }
      undo.push(() => api.send('PUT', path, before))
    }
  })
  afterAll(async () => {
    for (const step of undo) await step()
  })

  it('should be refused by the default', async () => {
    const runner = await started('p06')
    await expect(ask(runner)).rejects.toMatchObject({ code: 'invalid_token', message: /"alg"/ })
  })

  it.each(['p05', 'p06', 'p08'])('%s should work with the profile of that form', async (which) => {
    const runner = await started(which, { ...both, keycloak: { ...keycloak, profile } })
    expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
    const [seen] = runner.identities
    expect(seen?.identity.claims?.aud).toBe(which === 'p05' ? 'mcp-server' : 'documents')
  })

  it('should not let an ID token pass for an access token', async () => {
    // Keycloak signs ID tokens by another setting: the signature must not be what saves us.
    const lenient = { ...profile, algorithms: ['RS256', 'ES256'] }
    const runner = await started('p05', { ...both, keycloak: { ...keycloak, profile: lenient } })
    const [result] = await runAttacks(
      runner,
      attacks.filter(({ id }) => id === 'id-token-as-access-token'),
    )
    expect(result).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('scope') })
  })
})

describe('Keycloak killed while patterns run', () => {
  it('should stop what needs it, let go on what does not, and be used again when it is back', async () => {
    const [forwarding, exchanging] = [await started('p05'), await started('p06')]
    expect(await ask(forwarding)).toMatchObject({ outcome: 'allowed' })
    expect(await ask(exchanging)).toMatchObject({ outcome: 'allowed' })
    const before = exchanging.snapshot()
    // H2 writes commits to its file within half a second: a sign-in of this very moment would be lost with the process.
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    await stack.keycloak.kill()

    expect(await ask(forwarding)).toMatchObject({ outcome: 'allowed', status: 200 })
    for (const cell of await runCells(exchanging, ['alice'], [1, 3, 4, 6])) {
      expect(cell).toMatchObject({ outcome: 'error', status: 503 })
    }
    expect(exchanging.snapshot()).toEqual(before)
    await expect(started('p05')).rejects.toThrow(/no Keycloak answers/)

    await stack.up(progress)
    // The sessions are in its database: nobody has to sign in again.
    expect(await ask(exchanging)).toMatchObject({ outcome: 'allowed' })
    expect(await ask(forwarding)).toMatchObject({ outcome: 'allowed' })
  })
})

describe('OPA', () => {
  afterEach(async () => {
    await stack.opa.stop()
    await stack.up(progress)
  })

  /** The same place with another policy, where nothing but OPA is started. */
  async function serve(policy: string): Promise<void> {
    await stack.opa.stop()
    await new NativeStack({ ...place, policyFolder: policy }).up(progress)
  }

  function policyCopy(change: (copy: string) => void): string {
    const copy = mkdtempSync(join(folder, 'policy-'))
    cpSync(policyFolder, copy, { recursive: true })
    change(copy)
    return copy
  }

  it('should be refused at the start where it is not there', async () => {
    await stack.opa.stop()
    await expect(started('p06')).rejects.toThrow(
      /OPA server at .* cannot be used: .*gives no answer; start one/,
    )
  })

  it('should fail closed where it is killed, and be used again when it is back', async () => {
    const runner = await started('p07')
    await stack.opa.kill()
    expect(await ask(runner)).toMatchObject({ outcome: 'error', status: 503, decidedBy: 'nobody' })
    await stack.up(progress)
    expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
  })

  it.each([
    [
      'an older policy',
      (copy: string) => writeFileSync(join(copy, '.manifest'), '{ "revision": "0123456789abcdef" }'),
      /has policy 0123456789ab, not/,
    ],
    [
      'a policy without a revision',
      (copy: string) => rmSync(join(copy, '.manifest')),
      /no policy bundle with a revision|has policy , not/,
    ],
  ])('should be refused with %s, also while a pattern runs', async (_case, change, reason) => {
    const runner = await started('p06')
    await serve(policyCopy(change))
    const cell = await ask(runner)
    expect(cell).toMatchObject({ outcome: 'error', status: 503 })
    expect(cell?.reason).toMatch(reason)
    await expect(started('p06')).rejects.toThrow(reason)
  })

  it('should be refused without a policy', async () => {
    const runner = await started('p06')
    await serve(
      policyCopy((copy) => {
        for (const name of ['gate', 'scope', 'relationships', 'request', 'roles'])
          rmSync(join(copy, `${name}.rego`))
      }),
    )
    expect(await ask(runner)).toMatchObject({ outcome: 'error', status: 503 })
  })
})

/** Ports that nobody uses: this suite may run beside another one. */
async function freePorts(count: number): Promise<number[]> {
  const listeners = await Promise.all(Array.from({ length: count }, () => listen()))
  const ports = listeners.map(({ url }) => Number(new URL(url).port))
  for (const listener of listeners) await listener.close()
  return ports
}

async function signingKeys(): Promise<unknown[]> {
  const response = await fetch(`${place.keycloakUrl}/realms/agent-auth/protocol/openid-connect/certs`)
  return ((await response.json()) as { keys: unknown[] }).keys
}

function withSecret(secret: string): typeof realm {
  const clients = realm.clients.map((client) =>
    client.clientId === 'mcp-server' ? { ...client, secret } : client,
  )
  return { ...realm, clients }
}

function withScope(name: string): typeof realm {
  const scope = { name, inToken: true, onConsentPage: true, mappers: [] }
  const clients = realm.clients.map((client) => ({
    ...client,
    optionalScopes: [...client.optionalScopes, scope],
  }))
  return { ...realm, clients }
}
