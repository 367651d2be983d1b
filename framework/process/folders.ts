import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Environment } from './environment.ts'

/** The checkout. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))

/** The folder for a running stack's process ids, logs and Keycloak's database; git ignores it. */
export const stateFolder = join(projectFolder, '.stack')

/** The folder for what a person's runs leave behind where the checkout cannot be written. */
export function userStateFolder(env: Environment): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'agent-auth-lab')
}

/** The folder for downloads: outside of the checkout, so that another checkout need not fetch them again. */
export function cacheFolder(env: Environment): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'agent-auth-lab')
}
