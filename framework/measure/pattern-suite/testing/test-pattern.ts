import { type Identity, serviceNames } from '@lab/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PatternRunner } from '../../../runner/pattern-runner.ts'
import { apiKeyOfUser } from '../../../scenario/demo-keys.ts'
import type { Declaration } from '../../declarations/declaration.ts'
import { mixUps } from './mix-ups.ts'

const identityFields = [
  'method',
  'policy',
  'userId',
  'roles',
  'actors',
  'client',
  'scopes',
  'claims',
  'rawToken',
] as const satisfies (keyof Identity)[]

/** The one suite that every pattern passes, refusals first. */
export function testPattern(which: string, expected: Declaration): void {
  describe(which, () => {
    const runner = new PatternRunner(which)
    beforeAll(() => runner.start())
    afterAll(() => runner.stop())

    describe('the service refuses', () => {
      const { challenge } = expected
      const bad: [string, Record<string, string>][] = [
        ['no credential', {}],
        ['an unknown key', { 'x-api-key': 'demo-key-of-nobody' }],
        ['a token that is none', { authorization: 'Bearer x.y.z' }],
        ['a header that is none', { authorization: 'nonsense' }],
        ['a name of the sender’s own', { 'x-user-id': 'alice', 'x-forwarded-user': 'alice' }],
      ]
      if (!challenge) {
        it('nobody: that is the pattern', async () => {
          for (const service of serviceNames) expect((await request(service, {})).status).not.toBe(401)
        })
        return
      }
      it.each(bad)('%s, with 401 and a challenge', async (_what, headers) => {
        for (const service of serviceNames) {
          const response = await request(service, headers)
          expect(response.status, service).toBe(401)
          expect(response.headers.get('www-authenticate'), service).toMatch(new RegExp(`^${challenge}\\b`))
          const body = (await response.json()) as { error: string; reason: string }
          expect(body.error, service).toMatch(/^(missing_credential|invalid_api_key|invalid_token)$/)
          expect(body.reason.length, service).toBeGreaterThan(10)
        }
      })
      it('and changes nothing, and records each refusal', async () => {
        runner.resetData()
        const before = runner.snapshot()
        const records = runner.audit.length
        const path = `${runner.stack.serviceUrls.directory}/users/dave/role`
        const body = JSON.stringify({ role: 'admin' })
        const response = await fetch(path, {
          method: 'PUT',
          body,
          headers: { 'content-type': 'application/json' },
        })
        expect(response.status).toBe(401)
        expect(runner.snapshot()).toEqual(before)
        expect(runner.audit.slice(records)).toMatchObject([
          { service: 'directory', decision: 'deny', status: 401 },
        ])
      })
    })

    it(`the MCP server ${expected.signIn ? 'asks for a token (RFC 9728 section 5.1)' : 'asks for nothing'}`, async () => {
      const response = await fetch(runner.stack.mcpUrl, { method: 'POST', body: '{}' })
      if (!expected.signIn) return expect(response.status).not.toBe(401)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata="http:/)
    })

    // The gate asks about the user of a session: where nobody signs in there is nobody to ask about.
    const gated = expected.decidedBy === 'opa' && expected.signIn
    it(`${gated ? 'asks' : 'does not ask'} the PDP before a call leaves`, async () => {
      runner.resetData()
      const { audit } = await runner.runAs('bob', 'Make Dave an admin.')
      const refusedBy = audit.filter(({ decision }) => decision === 'deny').map(({ service }) => service)
      expect(refusedBy.includes('mcp-server')).toBe(gated)
      expect(audit.some(({ service }) => service === 'directory')).toBe(!gated)
      // A call that must not be made needs no credential.
      if (gated) expect(audit.map(({ action }) => action)).not.toContain('token_exchange')
    })

    it('shows the service what it says it does, and no more', async () => {
      runner.resetData()
      const { identities, audit } = await runner.runAs('alice', 'What are my expenses?')
      expect(identities).toHaveLength(1)
      const { identity } = identities[0] as { identity: Identity }
      expect(identity).toMatchObject(expected.seesOfAlice)
      const known = identityFields.filter((field) => !expected.ignorantOf.includes(field))
      // Own names and not keys: a raw token is there, and nothing that enumerates finds it.
      expect(Object.getOwnPropertyNames(identity).sort()).toEqual([...known].sort())
      const record = audit.find(({ service }) => service === 'expenses')
      expect(record?.user).toBe(expected.seesOfAlice.userId)
      expect(record?.actors ?? []).toEqual(expected.seesOfAlice.actors ?? [])
    })

    it('keeps no credential whole in hops, records and identities as they are shown', async () => {
      const secrets: string[] = []
      const untap = runner.stack.recorder.tap(({ requestHeaders, requestBody, responseBody }) => {
        const seen = [...requestHeaders.values(), requestBody, responseBody].join('\n')
        secrets.push(
          ...(seen.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
          ...(seen.match(/demo-[\w-]+/g) ?? []),
        )
      })
      runner.stack.sessions.forget()
      await runner.runAs('bob', 'Approve expense 103.')
      untap()
      const kept = JSON.stringify([runner.hops, runner.audit])
      for (const secret of new Set([...secrets, apiKeyOfUser('bob')])) expect(kept).not.toContain(secret)
    })

    it('never mixes three users who ask at the same time', async () => {
      const knowsUsers = expected.seesOfAlice.userId !== undefined
      expect(await mixUps(runner, Object.keys(expected.cells), knowsUsers)).toEqual([])
    })

    function request(service: (typeof serviceNames)[number], headers: Record<string, string>) {
      const path = {
        expenses: '/expenses',
        documents: '/documents?query=runbook',
        directory: '/users/dave/role',
      }
      const change = service === 'directory'
      return fetch(`${runner.stack.serviceUrls[service]}${path[service]}`, {
        method: change ? 'PUT' : 'GET',
        headers: { ...headers, ...(change && { 'content-type': 'application/json' }) },
        ...(change && { body: JSON.stringify({ role: 'user' }) }),
      })
    }
  })
}
