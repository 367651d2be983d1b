import { describe, expect, it } from 'vitest'
import { sentBy, wholeResponse } from './whole-messages.ts'

const url = 'http://127.0.0.1:9/expenses'

/** The parts of a request as `fetch` itself makes them of the same arguments. */
async function asFetch(init: RequestInit) {
  const request = new Request(url, init)
  const type = request.headers.get('content-type')
  return { method: request.method, url: request.url, type, body: await request.text() }
}

describe('sentBy', () => {
  const texts: [string, RequestInit][] = [
    ['no body', {}],
    ['an undefined body', { body: undefined as unknown as null }],
    ['a null body', { body: null }],
    ['a text', { method: 'POST', body: 'text' }],
    ['a text with a type', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
    ['a form', { method: 'post', body: new URLSearchParams({ a: 'b c' }) }],
  ]
  it.each(texts)('tells of %s what fetch would send, without a Request', async (_what, init) => {
    const sent = await sentBy(url, init)
    const { method, body, headers } = sent
    expect({ method, url: sent.url, type: headers.get('content-type'), body }).toEqual(await asFetch(init))
    expect(sent.arguments[0]).toBe(url)
  })

  it('reads the body of a Request, and leaves it to be sent', async () => {
    const sent = await sentBy(new Request(url, { method: 'POST', body: 'text' }))
    expect(sent).toMatchObject({ method: 'POST', url, body: 'text' })
    expect(await (sent.arguments[0] as Request).text()).toBe('text')
  })

  it('reads a body that is no text', async () => {
    expect(await sentBy(url, { method: 'POST', body: new Blob(['blob']) })).toMatchObject({ body: 'blob' })
  })

  it('refuses what is no request', async () => {
    await expect(sentBy('nowhere')).rejects.toThrow(TypeError)
  })
})

describe('wholeResponse', () => {
  it.each([204, 205, 304])('gives an answer without a body, as one of %i is', async (status) => {
    const { text, copy } = await wholeResponse(new Response(null, { status }))
    expect({ text, status: copy.status, body: copy.body }).toEqual({ text: '', status, body: null })
  })

  it('gives the text, and an answer with the same one', async () => {
    const { text, copy } = await wholeResponse(new Response('words', { status: 418 }))
    expect([text, await copy.text(), copy.status]).toEqual(['words', 'words', 418])
  })
})
