import { describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { checkOpa } from './opa-check.ts'

/** Checks a server whose policy has the expected revision and decides so. */
async function checkServerThat(answers: () => Response | Promise<Response>): Promise<void> {
  return checkOpa({ url: 'http://opa.test', revision: 'r1', fetch: async () => answers() })
}

function decision(allow: boolean): Response {
  const result = [{ allow, reason: 'because', rule: 'gate/role' }]
  return Response.json({ result, provenance: { bundles: { policy: { revision: 'r1' } } } })
}

describe('an OPA server', () => {
  it('is refused where it does not answer, with what to do', async () => {
    const checking = checkServerThat(() => Promise.reject(new TypeError('fetch failed')))
    await expect(checking).rejects.toThrow(UserError)
    await expect(checking).rejects.toThrow(
      'the OPA server at http://opa.test cannot be used: the OPA server gives no answer; start one with pnpm run stack up, or set OPA_URL',
    )
  })

  it('is refused where its policy allows a caller without a user', async () => {
    const checking = checkServerThat(() => decision(true))
    await expect(checking).rejects.toThrow(UserError)
    await expect(checking).rejects.toThrow(/does not refuse a caller without a user$/)
  })

  it('is asked about a tool for a caller without a user', async () => {
    const asked: unknown[] = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      asked.push([String(input), JSON.parse(String(init?.body))])
      return decision(false)
    }
    await checkOpa({ url: 'http://opa.test', revision: 'r1', fetch })
    expect(asked).toEqual([
      [
        'http://opa.test/v1/data/agentauth/gate/decisions?provenance=true',
        {
          input: {
            subject: { user: '', roles: [] },
            actors: [],
            scopes: [],
            action: 'expenses:read',
            resources: [{ type: 'tool', id: 'list_expenses' }],
          },
        },
      ],
    ])
  })

  it('is accepted where its policy refuses such a caller', async () => {
    await expect(checkServerThat(() => decision(false))).resolves.toBeUndefined()
  })
})
