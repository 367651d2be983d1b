import { setTimeout as sleep } from 'node:timers/promises'
import { vi } from 'vitest'

/**
 * For tests: does a piece of work while its timers run fifty times as fast, so that the deadlines of requests to a
 * server that hangs come soon. The server's own timers are `setInterval` and keep their pace.
 * @param seconds of that time, after which the work has failed
 */
export async function inFastTime<T>(work: () => Promise<T>, seconds = 60): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const working = work()
    let ended = false
    const end = () => {
      ended = true
    }
    working.then(end, end)
    for (let second = 0; second < seconds && !ended; second++) {
      await vi.advanceTimersByTimeAsync(1_000)
      await sleep(20)
    }
    if (!ended) throw new Error(`it has not ended within ${seconds} s`)
    return await working
  } finally {
    vi.useRealTimers()
  }
}
