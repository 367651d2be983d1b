import { readFile } from 'node:fs/promises'
import { listen } from '@lab/services'
import { afterEach, describe, expect, it } from 'vitest'
import { openWasmPdp } from '../parties/pdp/wasm-pdp.ts'
import { runCells } from './cells.ts'
import { PatternRunner } from './pattern-runner.ts'

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const part of running.splice(0)) await part.stop()
})

async function started(...options: ConstructorParameters<typeof PatternRunner>) {
  const runner = await new PatternRunner(...options).start()
  running.push(runner)
  return runner
}

/** An OPA server's REST API over the same policy, which can be told to fail. */
async function opaServer() {
  const pdp = await openWasmPdp()
  const listener = await listen()
  running.push({ stop: () => listener.close() })
  const { revision } = JSON.parse(await readFile(new URL('../../opa/.manifest', import.meta.url), 'utf8'))
  const provenance = { bundles: { opa: { revision } } }
  const state = { answer: undefined as (() => Response) | undefined }
  listener.serve(async (request) => {
    const { pathname } = new URL(request.url)
    const policy = /^\/v1\/data\/agentauth\/(gate|scope|relationships)\/decisions$/.exec(pathname)?.[1]
    if (!policy) return Response.json({ result: {} })
    if (state.answer) return state.answer()
    const { input } = (await request.json()) as { input: Parameters<typeof pdp.decide>[1] }
    return Response.json({ provenance, result: await pdp.decide(policy as 'gate', input) })
  })
  return { url: listener.url, state, provenance }
}

describe('an outage is a 503 and never an allow', () => {
  it.each(['p06', 'p07', 'p08'])('%s: the IdP is gone when a token must be exchanged', async (which) => {
    const runner = await started(which)
    await runCells(runner, ['alice'], [1])
    await runner.stack.idp.close()
    const before = runner.snapshot()
    for (const cell of await runCells(runner, ['alice'], [1, 4, 6])) {
      expect(cell).toMatchObject({ outcome: 'error', status: 503 })
    }
    expect(runner.snapshot()).toEqual(before)
  })

  it('p05: what a cached JWKS can verify goes on without the IdP', async () => {
    const runner = await started('p05')
    await runCells(runner, ['alice'], [1])
    await runner.stack.idp.close()
    expect(await runCells(runner, ['alice'], [1])).toMatchObject([{ outcome: 'allowed', status: 200 }])
  })

  it('p05: a service that never had the keys answers 503 and not 401', async () => {
    const runner = await started('p05')
    await runCells(runner, ['alice'], [1])
    await runner.stack.idp.close()
    expect(await runCells(runner, ['alice'], [3])).toMatchObject([{ outcome: 'error', status: 503 }])
  })

  it('the IdP is gone when a user must sign in', async () => {
    const runner = await started('p06')
    await runner.stack.idp.close()
    await expect(runner.runAs('alice', 'What are my expenses?')).rejects.toMatchObject({
      code: 'idp_unavailable',
    })
  })

  type Provenance = Awaited<ReturnType<typeof opaServer>>['provenance']
  const failures: [string, (provenance: Provenance) => Response][] = [
    ['with an error', () => new Response('no', { status: 500 })],
    ['without a result: the policy is not loaded', (provenance) => Response.json({ provenance })],
    ['with too few decisions', (provenance) => Response.json({ provenance, result: [] })],
    ['with something else', (provenance) => Response.json({ provenance, result: { allow: true } })],
    [
      'by a policy of unknown revision',
      () => Response.json({ result: [{ allow: true, reason: 'x', rule: 'x' }] }),
    ],
    ['with what is no JSON', () => new Response('allow')],
  ]
  it.each(failures)('the PDP answers %s', async (_what, answer) => {
    const { url, state, provenance } = await opaServer()
    const runner = await started('p07', { opaUrl: url })
    expect(await runCells(runner, ['bob'], [5])).toMatchObject([{ outcome: 'allowed', decidedBy: 'opa' }])
    state.answer = () => answer(provenance)
    const before = runner.snapshot()
    runner.resetData()
    for (const cell of await runCells(runner, ['bob'], [1, 5])) {
      expect(cell).toMatchObject({ outcome: 'error', status: 503 })
    }
    expect(runner.snapshot().expenses.find(({ id }) => id === 103)?.status).toBe('pending')
    expect(before.expenses.find(({ id }) => id === 103)?.status).toBe('approved')
    state.answer = undefined
    expect(await runCells(runner, ['bob'], [5])).toMatchObject([{ outcome: 'allowed' }])
  })
})
