import { describe, expect, it } from 'vitest'
import { PatternRunner } from './pattern-runner.ts'

interface Document {
  readonly paths: Record<string, Record<string, { security?: unknown }>>
  readonly components: { securitySchemes?: Record<string, unknown> }
}

/** The OpenAPI document of the expenses service under a pattern; also where its users sign in. */
async function documentUnder(which: string) {
  const runner = await new PatternRunner(which).start()
  try {
    const response = await fetch(`${runner.stack.serviceUrls.expenses}/openapi.json`)
    const { issuer } = runner.stack.idp
    return { document: (await response.json()) as Document, issuer, records: runner.audit.length }
  } finally {
    await runner.stop()
  }
}

describe('the OpenAPI document of a service', () => {
  it('asks for nothing under p01', async () => {
    const { document } = await documentUnder('p01')
    expect(document.components.securitySchemes).toBeUndefined()
    expect(document.paths['/expenses']?.get?.security).toBeUndefined()
  })

  it.each(['p02', 'p03', 'p04'])('asks for the key in its header under %s', async (which) => {
    const { document } = await documentUnder(which)
    expect(document.components.securitySchemes).toEqual({
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    })
    expect(document.paths['/expenses']?.get?.security).toEqual([{ apiKey: [] }])
  })

  it.each(['p05', 'p06', 'p07', 'p08'])(
    'declares the flow and the scope of each operation under %s',
    async (which) => {
      const { document, issuer, records } = await documentUnder(which)
      expect(document.components.securitySchemes).toMatchObject({
        oauth: {
          type: 'oauth2',
          description: expect.stringContaining(which === 'p08' ? 'RFC 9449' : 'RFC 6750'),
          flows: {
            authorizationCode: {
              authorizationUrl: `${issuer}/auth`,
              tokenUrl: `${issuer}/token`,
              scopes: { 'expenses:read': expect.any(String), 'expenses:approve': expect.any(String) },
            },
          },
        },
      })
      expect(document.paths['/expenses']?.get?.security).toEqual([{ oauth: ['expenses:read'] }])
      expect(document.paths['/expenses/{id}/approve']?.post?.security).toEqual([
        { oauth: ['expenses:approve'] },
      ])
      // Asking the pattern what it wants is no call of anybody's.
      expect(records).toBe(0)
    },
  )
})
