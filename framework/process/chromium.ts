import { accessSync, constants } from 'node:fs'
import { onPath } from './on-path.ts'

/** The names under which Chromium is looked for on the path. */
export const chromiumNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
] as const

/**
 * The Chromium of this machine: the one that `CHROMIUM_PATH` names, or the first of the usual names on the path.
 * @throws where `CHROMIUM_PATH` names what cannot be run
 */
export function chromiumOnThisMachine(
  { CHROMIUM_PATH: named, PATH: path = '' } = process.env,
): string | undefined {
  if (named) {
    accessSync(named, constants.X_OK)
    return named
  }
  return onPath(chromiumNames, path)
}
