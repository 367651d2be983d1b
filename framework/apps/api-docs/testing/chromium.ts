import { chromiumNames, chromiumOnThisMachine } from '../../../process/chromium.ts'

/**
 * The browser for the tests. Without one this says so, loudly, because tests are skipped then.
 * @throws where `CHROMIUM_PATH` names what cannot be run
 */
export function findChromium(env = process.env): string | undefined {
  const found = chromiumOnThisMachine(env)
  if (!found) {
    console.warn(
      `NOT RUN: what a person sees in a browser. No ${chromiumNames.join(', ')} on the path; set CHROMIUM_PATH to a Chromium`,
    )
  }
  return found
}
