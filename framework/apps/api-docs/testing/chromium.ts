import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The browser of this machine: the one that `CHROMIUM_PATH` names, or the first of the usual names on the path.
 * Without one this says so, loudly, because tests are skipped then.
 * @throws where `CHROMIUM_PATH` names what cannot be run
 */
export function findChromium({ CHROMIUM_PATH: named, PATH: path = '' } = process.env): string | undefined {
  if (named) {
    accessSync(named, constants.X_OK)
    return named
  }
  const found = path
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(canRun)
  if (!found) {
    console.warn(
      `NOT RUN: what a person sees on the documentation page. No ${names.join(', ')} on the path; set CHROMIUM_PATH to a Chromium`,
    )
  }
  return found
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
