/**
 * A `fetch` whose requests end after a time, wherever they are by then: before the answer begins, or in its body, which
 * may be read as it comes. They also end where the caller's signal does.
 * @param underneath what sends
 * @param timeout in ms
 */
export function timedFetch(underneath: typeof fetch, timeout: number): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    // An own timer: a signal that is made of others can be collected as garbage before they fire.
    const controller = new AbortController()
    const { signal } = controller
    const ended = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
    ended.catch(() => {})
    const leave = () => controller.abort(request.signal.reason)
    if (request.signal.aborted) leave()
    request.signal.addEventListener('abort', leave)
    const timer = setTimeout(() => {
      controller.abort(new DOMException(`no whole answer within ${timeout} ms`, 'TimeoutError'))
    }, timeout)
    timer.unref()
    return Promise.race([underneath(request, { signal }), ended])
  }
}
