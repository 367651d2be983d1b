import { newTraceparent } from '@lab/contract'
import { decodeJwt } from 'jose'
import { afterAll, expect, it } from 'vitest'
import { keycloakSettings } from '../../parties/keycloak/settings.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { checkGroups } from './checks/index.ts'
import { needsIssuer, Probe } from './probe.ts'
import { runProbe } from './run-probe.ts'
import { targetSchema } from './target.ts'
import { waitForControl } from './wait-for-control.ts'

const runner = new PatternRunner('p06', { keycloak: keycloakSettings(process.env) })
afterAll(() => runner.stop())

const texts = { alice: 'Train to the team offsite', bob: 'Dinner with a customer' }

it('with the tokens of two users of Keycloak: what can be tried is tried, and what cannot is listed', async () => {
  const { mcpUrl, sessions, metadata } = (await runner.start()).stack
  const traceparent = newTraceparent()
  const users: [string, { token: string; expect: { text: string } }][] = []
  // One after another: a Keycloak that has just started can lose one of two sign-ins that begin at once.
  for (const [name, text] of Object.entries(texts)) {
    users.push([name, { token: await sessions.accessTokenOf(name, traceparent), expect: { text } }])
  }
  const target = targetSchema.parse({
    url: mcpUrl,
    tool: 'list_expenses',
    scope: 'expenses:read',
    // A Keycloak that has just started takes its time over the first exchange.
    timeout: 60_000,
    jwks: metadata.jwks_uri,
    users: Object.fromEntries(users),
  })
  expect(decodeJwt(users[0]?.[1].token ?? '').iss).toContain('/realms/')
  const probe = new Probe(target, undefined)
  await waitForControl(probe, 0)
  const results = await runProbe(probe)

  const idsOf = (outcome: string) =>
    results.filter((each) => each.outcome === outcome).map(({ check }) => check.id)
  // The lab takes a signature that is padded, as the page of the matrix says.
  expect(idsOf('found')).toEqual(['encoding-of-signature'])
  expect(idsOf('error')).toEqual([])
  const forgeries = checkGroups.find(({ title }) => title === 'Forged tokens')?.checks ?? []
  expect(idsOf('held')).toEqual(
    expect.arrayContaining([
      ...forgeries.map(({ id }) => id).filter((id) => id !== 'encoding-of-signature'),
      'no-token',
      'token-in-query',
      'rows-of-another',
    ]),
  )
  const onlyAnIssuer = results.filter(({ reason }) => reason === needsIssuer.reason)
  expect(onlyAnIssuer.map(({ check, outcome }) => `${check.id} ${outcome}`)).toEqual(
    [
      'wrong-audience',
      'lookalike-audience',
      'no-audience',
      'wrong-issuer-name',
      'expired',
      'no-expiry',
      'malformed-expiry',
      'duplicate-claims',
      'issued-in-the-future',
      'not-yet-valid',
      'id-token-as-access-token',
      'logout-token-as-access-token',
      'unknown-critical-header',
      'bound-token-as-bearer',
      'missing-scope',
      'scope-challenge',
      'keys-unavailable',
      'revoked-token',
      'rotated-key',
    ].map((id) => `${id} not-tried`),
  )
  expect(idsOf('not-tried')).toHaveLength(onlyAnIssuer.length + 1)
  for (const [, { token }] of users) {
    expect(JSON.stringify(results)).not.toContain(token.split('.')[2])
  }
})
