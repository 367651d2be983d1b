import { afterEach, describe, expect, it, vi } from 'vitest'
import { timedFetch } from './timed-fetch.ts'

afterEach(() => void vi.useRealTimers())
const url = 'http://a.example/'
const never: typeof fetch = () => new Promise(() => {})
/** Sends the first byte of a body, and then nothing; the signal ends it, as it does in Node's `fetch`. */
const stalling: typeof fetch = async (_input, init) =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(1))
        init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason))
      },
    }),
  )

describe('timedFetch', () => {
  it('ends a request that is not answered', async () => {
    vi.useFakeTimers()
    const ending = expect(timedFetch(never, 300)(url)).rejects.toThrow('no whole answer within 300 ms')
    await vi.advanceTimersByTimeAsync(300)
    await ending
  })

  it('ends a body that does not come to its end', async () => {
    vi.useFakeTimers()
    const response = await timedFetch(stalling, 300)(url)
    const ending = expect(response.text()).rejects.toThrow('within 300 ms')
    await vi.advanceTimersByTimeAsync(300)
    await ending
  })

  it.each([
    ['before', true],
    ['after', false],
  ])('ends where its caller left %s it began', async (_when, isEarly) => {
    const caller = new AbortController()
    const leave = () => caller.abort(new Error('left'))
    if (isEarly) leave()
    const sent = timedFetch(never, 60_000)(url, { signal: caller.signal })
    const ending = expect(sent).rejects.toThrow('left')
    if (!isEarly) leave()
    await ending
  })

  it('passes on the request, and gives the answer as it comes', async () => {
    const underneath = vi.fn<typeof fetch>(async () => new Response('the answer'))
    const response = await timedFetch(underneath, 60_000)(url, { method: 'POST', body: 'a question' })
    expect(await response.text()).toBe('the answer')
    const [request] = underneath.mock.calls[0] ?? []
    expect(await (request as Request).text()).toBe('a question')
  })
})
