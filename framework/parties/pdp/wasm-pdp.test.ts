import { readFile } from 'node:fs/promises'
import type { PolicyInput } from '@lab/contract'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openWasmPdp } from './wasm-pdp.ts'

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>()
  return { ...fs, readFile: vi.fn(fs.readFile) }
})
vi.mock('@open-policy-agent/opa-wasm', async (original) => {
  const opa = await original<typeof import('@open-policy-agent/opa-wasm')>()
  return { ...opa, loadPolicy: vi.fn(opa.loadPolicy) }
})

const input: PolicyInput = {
  subject: { user: 'bob', roles: ['user'] },
  actors: ['mcp-server'],
  scopes: ['expenses:approve'],
  action: 'expenses:approve',
  resources: [
    { type: 'expense', id: '103', owner: 'alice' },
    { type: 'expense', id: '105', owner: 'bob' },
  ],
}

beforeEach(() => {
  vi.mocked(readFile).mockClear()
  vi.mocked(loadPolicy).mockClear()
})

describe('openWasmPdp refuses', () => {
  it('a policy of its own that is no WebAssembly, and does not decide by the one of opa/', async () => {
    await expect(openWasmPdp({ wasm: new Uint8Array([0]), data: {} })).rejects.toThrow(
      /^the policy's WebAssembly cannot be loaded/,
    )
  })

  it('to start without the policy, and says how to get one', async () => {
    vi.mocked(readFile).mockRejectedValueOnce(new Error('ENOENT'))
    await expect(openWasmPdp()).rejects.toThrow(
      /^opa\/policy\.wasm cannot be loaded \(ENOENT\); rebuild it: /,
    )
  })

  it.each([
    [
      'fails',
      /failed while it decided/,
      () => {
        throw new Error('trap')
      },
    ],
    ['gives nothing', /one decision for each resource/, () => []],
    [
      'gives too little',
      /one decision for each resource/,
      () => [{ result: [{ allow: true, reason: 'because', rule: 'r' }] }],
    ],
  ])('to take anything for an allow where the policy %s', async (_case, message, evaluate) => {
    const policy = { evaluate, setData: () => {} } as unknown as Awaited<ReturnType<typeof loadPolicy>>
    vi.mocked(loadPolicy).mockResolvedValueOnce(policy)
    const pdp = await openWasmPdp()
    await expect(pdp.decide('relationships', input)).rejects.toMatchObject({
      code: 'pdp_unavailable',
      message: expect.stringMatching(message),
    })
  })
})

it('decides for each resource, in order, by the policy and its data', async () => {
  const decisions = await (await openWasmPdp()).decide('relationships', input)
  expect(decisions.map(({ allow, rule }) => [allow, rule])).toEqual([
    [true, 'relationships/manager'],
    [false, 'relationships/own_expense_approval'],
  ])
})
