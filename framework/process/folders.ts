import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))

/** Where a running stack keeps its process ids, logs and Keycloak's database; git ignores it. */
export const stateFolder = join(projectFolder, '.stack')

/** Where downloads are kept: outside of the checkout, so that another one need not fetch them again. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'agent-auth-lab')
}
