import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inputProblem } from '@lab/services/input-problem'
import { UserError } from '../../process/user-error.ts'
import { expandRealm } from './expand-realm.ts'
import type { Realm } from './realm.ts'
import { realmFile } from './realm-file.ts'

/** The realm file of this project; Keycloak imports the same. */
export const defaultRealmFile = fileURLToPath(
  new URL('../../../keycloak/agent-auth-realm.json', import.meta.url),
)

/**
 * Reads a Keycloak realm file.
 * @throws {UserError} where the file cannot be read or is not a realm that this project can run on
 */
export function readRealm(file = defaultRealmFile): Realm {
  const refuse = (what: string): never => {
    throw new UserError(`realm file ${relative('', file)}: ${what}; fix it, or restore it with git`)
  }
  const content = realmFile.safeParse(parseJsonFile(file, refuse))
  if (!content.success) return refuse(inputProblem(content.error))
  return expandRealm(content.data, refuse)
}

/** The JSON of a file. @param refuse is told why there is none, and throws */
export function parseJsonFile(file: string, refuse: (what: string) => never): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    // Node quotes a piece of the file in its message, which could be a secret.
    const [reason = ''] = (error as Error).message.split(/, (?:\.\.\.)?"|\n/)
    return refuse(`not JSON (${reason})`)
  }
}

/** A path as people write it: `users[0].id`. */
export function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return place.replace(/^\./, '') || 'top level'
}
