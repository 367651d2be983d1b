import { UserError } from '../../process/user-error.ts'
import type { Probe } from './probe.ts'

/** Between two tries, in ms. */
const pause = 1_000

/**
 * Makes the honest call until it is served: without it no refusal would mean anything.
 * @param wait for how long, in ms; 0: one try
 * @throws {UserError} with what the last try got
 */
export async function waitForControl(probe: Probe, wait: number): Promise<void> {
  const deadline = Date.now() + wait
  for (;;) {
    try {
      await probe.control()
      probe.sender.taken()
      return
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (Date.now() + pause > deadline) {
        throw new UserError(
          `${why}: a server that serves nobody cannot be judged; check tool, token and --expect`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
