import type { AuthError, PolicyInput } from '@lab/contract'
import { describe, expect, it, vi } from 'vitest'
import { inFastTime } from '../../contract/testing/time.ts'
import { troubleNames, unreliableServer } from '../../contract/testing/unreliable-server.ts'
import { opaServerPdp } from './opa-server-pdp.ts'

const input: PolicyInput = {
  subject: { user: 'alice', roles: ['admin'] },
  actors: [],
  scopes: [],
  action: 'expenses:read',
  resources: [{ type: 'tool', id: 'list_expenses' }],
}
const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
const allow = { allow: true, reason: 'because', rule: 'gate/role' }

function pdpThatGets(answer: () => Response | Promise<Response>, seen: Request[] = []) {
  const fetch: typeof globalThis.fetch = async (target, init) => {
    seen.push(new Request(target, init))
    return answer()
  }
  return opaServerPdp({ url: 'http://opa.example:8181/', revision: 'r1', fetch })
}

function served(revision: string | undefined, result?: unknown, status = 200): Response {
  const bundles = revision ? { policy: { revision } } : undefined
  return Response.json({ result, provenance: { version: '1', ...(bundles && { bundles }) } }, { status })
}

describe('opaServerPdp', () => {
  it.each([
    ['does not answer', () => Promise.reject(new TypeError('fetch failed')), /gives no answer/],
    ['answers 500', () => Response.json({}, { status: 500 }), /gives no answer/],
    ['answers 500 with decisions', () => served('r1', [allow], 500), /gives no answer/],
    ['answers no JSON', () => new Response('<html>'), /gives no answer/],
    ['names no provenance', () => Response.json({ result: [allow] }), /gives no answer/],
    ['has no policy', () => served(undefined), /no policy bundle.*restart it/],
    ['has another policy', () => served('r0', [allow]), /has policy r0, not r1: restart it/],
    ['decides nothing', () => served('r1'), /one decision for each resource/],
    ['decides too little', () => served('r1', []), /one decision for each resource/],
    ['decides too much', () => served('r1', [allow, allow]), /one decision for each resource/],
    ['decides in words', () => served('r1', ['allow']), /one decision for each resource/],
  ])('refuses with pdp_unavailable where the server %s', async (_case, answer, reason) => {
    const deciding = pdpThatGets(answer).decide('gate', input)
    await expect(deciding).rejects.toThrow(reason)
    await expect(deciding).rejects.toMatchObject({
      code: 'pdp_unavailable',
      status: 503,
    } satisfies Partial<AuthError>)
  })

  it.each(troubleNames)('refuses with pdp_unavailable where the server %s', async (trouble) => {
    const server = await unreliableServer(trouble)
    const pdp = opaServerPdp({ url: server.url, revision: 'r1', fetch })
    await expect(inFastTime(() => pdp.decide('gate', input))).rejects.toMatchObject({
      code: 'pdp_unavailable',
    })
    expect(server.visits).toHaveLength(1)
    await server.close()
  })

  it('waits 2 s for an answer, and no longer', async () => {
    vi.useFakeTimers()
    try {
      const deciding = pdpThatGets(() => new Promise(() => {})).decide('gate', input)
      const ended = vi.fn()
      deciding.catch(ended)
      await vi.advanceTimersByTimeAsync(1_999)
      expect(ended).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(ended).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves the server where the caller has left', async () => {
    const server = await unreliableServer('hangs')
    const caller = new AbortController()
    const pdp = opaServerPdp({ url: server.url, revision: 'r1', fetch })
    const refused = expect(pdp.decide('gate', input, traceparent, caller.signal)).rejects.toMatchObject({
      code: 'pdp_unavailable',
    })
    await vi.waitFor(() => expect(server.visits).toHaveLength(1))
    caller.abort()
    await refused
    await vi.waitFor(() => expect(server.left).toHaveLength(1))
    await server.close()
  })

  it('does not wait for its time limit then', async () => {
    vi.useFakeTimers()
    try {
      const caller = new AbortController()
      const deciding = pdpThatGets(() => new Promise(() => {})).decide(
        'gate',
        input,
        traceparent,
        caller.signal,
      )
      const ended = vi.fn()
      deciding.catch(ended)
      caller.abort()
      await vi.advanceTimersByTimeAsync(0)
      expect(ended).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })

  it('gives the decisions of the expected policy', async () => {
    expect(await pdpThatGets(() => served('r1', [allow])).decide('gate', input)).toEqual([allow])
  })

  it('asks under the trace of the call', async () => {
    const seen: Request[] = []
    await pdpThatGets(() => served('r1', [allow]), seen).decide('gate', input, traceparent)
    expect(seen[0]?.url).toBe('http://opa.example:8181/v1/data/agentauth/gate/decisions?provenance=true')
    expect(seen[0]?.headers.get('traceparent')).toBe(traceparent)
    expect(seen[0]?.headers.get('content-type')).toBe('application/json')
    expect(await seen[0]?.json()).toEqual({ input })
  })

  it('asks under no trace where there is none', async () => {
    const seen: Request[] = []
    await pdpThatGets(() => served('r1', [allow]), seen).decide('gate', input)
    expect(seen[0]?.headers.get('traceparent')).toBeNull()
  })
})
