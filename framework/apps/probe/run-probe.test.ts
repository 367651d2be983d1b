import { afterEach, describe, expect, it } from 'vitest'
import { startCanary } from './canary.ts'
import { checkGroups } from './checks/index.ts'
import { ProbeIssuer } from './issuer.ts'
import { Probe } from './probe.ts'
import { runProbe } from './run-probe.ts'
import { targetSchema } from './target.ts'
import { audienceOf, type Mistake, resourceServer } from './testing/resource-server.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** Probes a server with these mistakes, as its issuer. */
async function probed(mistakes: Mistake[], only?: string[]) {
  let issuer: ProbeIssuer | undefined
  const canary = await startCanary(0, '{}')
  opened.push(() => canary.stop())
  const server = await resourceServer(() => issuer as ProbeIssuer, canary.url, ...mistakes)
  opened.push(() => server.close())
  const url = audienceOf(server.url)
  issuer = await ProbeIssuer.start(0, { audience: url, scope: 'read', typ: 'at+jwt', acr: 'mfa' })
  const { stop } = issuer
  opened.push(() => stop.call(issuer))
  const target = targetSchema.parse({
    url,
    tool: 'rows',
    scope: 'read',
    acr: 'mfa',
    users: { alice: { expect: { text: 'rows of alice' } }, dave: { expect: { text: 'rows of dave' } } },
  })
  return runProbe(new Probe(target, issuer, canary, { keyPatience: 100 }), only)
}

const ids = (results: Awaited<ReturnType<typeof probed>>, outcome: string) =>
  results.filter((result) => result.outcome === outcome).map(({ check }) => check.id)

describe('a server that is right', () => {
  it('passes every check, each with its control', async () => {
    const results = await probed(['introspects'])
    const others = results.filter(({ outcome, check }) => outcome !== 'held' && !check.id.startsWith('dpop-'))
    expect(others.map(({ check, outcome, reason }) => `${check.id} ${outcome}: ${reason}`)).toEqual([])
    expect(results).toHaveLength(checkGroups.flatMap(({ checks }) => checks).length)
  })
})

/** Several mistakes in one server, where no one of them hides another, and the checks that find them. */
const mistakes: [Mistake[], string[]][] = [
  [['accepts-anybody'], ['no-token']],
  [
    ['no-audience-check', 'token-in-query', 'no-challenge'],
    [
      'challenge',
      'duplicate-claims',
      'lookalike-audience',
      'no-audience',
      'resource-metadata',
      'scope-challenge',
      'step-up-challenge',
      'token-in-query',
      'wrong-audience',
    ],
  ],
  [
    ['audience-by-prefix', 'no-issuer-check', 'session-is-enough', 'fails-at-garbage', 'believes-header'],
    [
      'identity-header-spoof',
      'lookalike-audience',
      'malformed-message',
      'session-as-credential',
      'wrong-issuer-name',
    ],
  ],
  [
    [
      'audience-if-present',
      'expiry-if-present',
      'session-of-anybody',
      'any-type',
      'no-scope-check',
      'repeats-token',
    ],
    [
      'id-token-as-access-token',
      'logout-token-as-access-token',
      'missing-scope',
      'no-audience',
      'no-expiry',
      'session-of-another',
      'token-in-refusal',
    ],
  ],
  [
    ['no-expiry-check', 'key-from-header', 'any-origin', 'fails-open'],
    ['duplicate-claims', 'embedded-jwk', 'expired', 'foreign-origin', 'keys-unavailable', 'no-expiry'],
  ],
  [
    ['answers-from-cache', 'no-metadata', 'passes-token-on'],
    ['resource-metadata', 'rows-of-another', 'token-passed-on'],
  ],
  [
    ['any-expiry', 'any-acr', 'any-spelling', 'open-stream'],
    ['encoding-of-signature', 'malformed-expiry', 'missing-step-up', 'other-method'],
  ],
  [
    ['first-claim-wins', 'any-iat', 'any-binding', 'no-body-limit', 'no-step-up-challenge', 'keeps-verdicts'],
    [
      'bound-token-as-bearer',
      'duplicate-claims',
      'issued-in-the-future',
      'large-body',
      'revoked-token',
      'step-up-challenge',
    ],
  ],
  [
    ['any-text', 'fails-at-long', 'any-start', 'any-extension', 'any-host', 'any-reader', 'keeps-keys'],
    [
      'cors-with-credentials',
      'foreign-host',
      'garbage-token',
      'not-yet-valid',
      'oversized-token',
      'rotated-key',
      'unknown-critical-header',
    ],
  ],
]

describe('a server with mistakes', () => {
  it.each(mistakes)('%j are found by name, and nothing else is', async (mistakes, expected) => {
    expect(ids(await probed(mistakes), 'found').sort()).toEqual(expected)
  })

  it('each check is seen to find something', () => {
    // The forgeries are found below, and the proofs in checks/proof.test.ts.
    const elsewhere = ['Forged tokens', 'Proof of possession']
    const here = checkGroups.filter(({ title }) => !elsewhere.includes(title)).flatMap(({ checks }) => checks)
    const seen = new Set(mistakes.flatMap(([, found]) => found))
    expect(here.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([])
  })

  it('finds every forgery where tokens are only decoded', async () => {
    const forgeries = checkGroups.find(({ title }) => title === 'Forged tokens')?.checks ?? []
    const all = forgeries.map(({ id }) => id)
    expect(ids(await probed(['decodes-only'], all), 'found')).toEqual(all)
  })
})

describe('what says nothing', () => {
  it('is never told as held: a server that refuses everybody', async () => {
    const results = await probed(['refuses-everybody'])
    expect(ids(results, 'held')).toEqual([])
    expect(ids(results, 'error')).toEqual(expect.arrayContaining(['no-token', 'alg-none', 'wrong-audience']))
  })

  it('is never told as held: an answer that is neither', async () => {
    const results = await probed(['says-nothing'], ['no-token', 'expired'])
    expect(ids(results, 'error')).toEqual(['no-token', 'expired'])
  })
})

describe('what a report shows', () => {
  it('holds no token', async () => {
    const results = await probed([], ['no-token', 'token-in-query', 'tampered-claims', 'rows-of-another'])
    expect(results.flatMap(({ sent }) => sent).length).toBeGreaterThan(10)
    expect(JSON.stringify(results)).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]{20,}/)
  })
})
