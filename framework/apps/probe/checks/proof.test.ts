import { afterEach, expect, it } from 'vitest'
import { ProofKey } from '../../../attacks/attacker/proof-key.ts'
import { attacks } from '../../../attacks/index.ts'
import { ProbeIssuer } from '../issuer.ts'
import { Probe } from '../probe.ts'
import { runProbe } from '../run-probe.ts'
import { targetSchema } from '../target.ts'
import { boundServer } from '../testing/bound-server.ts'
import { proofChecks } from './proof.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const ids = proofChecks.map(({ id }) => id)

async function found(mistake?: 'no-proof' | 'no-replay-cache') {
  let issuer: ProbeIssuer | undefined
  const server = await boundServer(() => issuer as ProbeIssuer, mistake)
  const url = `${server.url}/rows`
  const started = await ProbeIssuer.start(0, {
    audience: url,
    scope: '',
    typ: 'at+jwt',
    boundTo: await ProofKey.generate(),
  })
  issuer = started
  opened.push(
    () => server.close(),
    () => started.stop(),
  )
  const target = targetSchema.parse({
    url,
    scheme: 'DPoP',
    users: { alice: { expect: { text: 'rows of alice' } } },
  })
  const results = await runProbe(new Probe(target, issuer), [...ids, 'alg-none'])
  expect(results.filter(({ outcome }) => outcome !== 'held' && outcome !== 'found')).toEqual([])
  return results.filter(({ outcome }) => outcome === 'found').map(({ check }) => check.id)
}

it('a server that checks proofs holds, and each mistake is found by name', async () => {
  expect(await found()).toEqual([])
  expect(await found('no-replay-cache')).toEqual(['dpop-replayed-jti'])
  expect(await found('no-proof')).toEqual(ids)
})

it('each check of proofs has its attack on the patterns, under the same id', () => {
  expect(ids.filter((id) => !attacks.some((attack) => attack.id === id))).toEqual([])
})
