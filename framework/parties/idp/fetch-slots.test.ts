import { describe, expect, it } from 'vitest'
import { inSlots, slots, slotsOfHost } from './fetch-slots.ts'

/** A fetch whose answers come when they are told to. */
function slowFetch() {
  const waiting: ((answer: Response | Error) => void)[] = []
  const fetchDocument = inSlots(
    () =>
      new Promise((resolve, reject) => {
        waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
      }),
  )
  return { fetchDocument, waiting }
}
const from = (host: string) => `https://${host}/client.json`
const tooMany = 'too many client documents'

describe('documents that are fetched at the same time', () => {
  it('are few', () => {
    expect([slots, slotsOfHost]).toEqual([16, 2])
  })

  it('are bounded for one host, which keeps nobody else out', async () => {
    const { fetchDocument, waiting } = slowFetch()
    const held = Array.from({ length: slotsOfHost }, () => fetchDocument(from('slow.example')))
    await expect(fetchDocument(from('slow.example'))).rejects.toThrow(tooMany)
    expect(waiting).toHaveLength(slotsOfHost)
    const other = fetchDocument(from('other.example'))
    for (const answer of waiting) answer(Response.json({}))
    expect((await Promise.all([...held, other])).map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('are bounded in all', async () => {
    const { fetchDocument, waiting } = slowFetch()
    const held = Array.from({ length: slots }, (_, at) => fetchDocument(from(`h${at}.example`)))
    await expect(fetchDocument(from('one-more.example'))).rejects.toThrow(tooMany)
    for (const answer of waiting) answer(Response.json({}))
    await Promise.all(held)
  })

  it.each([
    ['an answer', Response.json({})],
    ['a failure', new TypeError('no route')],
  ])('make room with %s', async (_what, answer) => {
    const { fetchDocument, waiting } = slowFetch()
    const held = Array.from({ length: slotsOfHost }, () => fetchDocument(from('slow.example')))
    waiting[0]?.(answer)
    await held[0]?.catch(() => {})
    const next = fetchDocument(from('slow.example'))
    for (const end of waiting) end(Response.json({}))
    expect((await next).status).toBe(200)
    await Promise.all(held.slice(1))
  })
})
