import { existsSync } from 'node:fs'
import { cacheFolder } from '../../process/folders.ts'
import { type Missing, missingGo, missingJava, missingMaven, run } from '../../process/tools.ts'
import { keycloakHome, keycloakVersion } from '../native-stack/keycloak-distribution.ts'
import { foundOpa } from '../native-stack/opa-binary.ts'
import { opaVersion } from '../policy/opa.ts'
import type { Finding } from './finding.ts'

/** The needs of `pnpm run stack up` and of `docker compose up`. */
export function stackTools(env: NodeJS.ProcessEnv): Finding[] {
  const cache = cacheFolder(env)
  const fetched = existsSync(keycloakHome(cache))
  const opaBinary = foundOpa(cache)
  return [
    needed('Java', missingJava(env), 'there'),
    needed(
      'Keycloak',
      fetched ? undefined : missingMaven(),
      `${keycloakVersion} is ${fetched ? 'fetched' : 'fetched with Maven by stack up'}`,
    ),
    needed(
      'OPA binary',
      opaBinary ? undefined : missingGo(),
      opaBinary ?? `${opaVersion} is built with Go by stack up`,
    ),
    run('docker', ['compose', 'version']).status === 0
      ? { what: 'for compose: Docker', state: 'good', detail: 'with its compose plugin' }
      : {
          what: 'for compose: Docker',
          state: 'off',
          detail: 'docker compose is not installed; stack up does without it',
        },
  ]
}

function needed(what: string, missing: Missing | undefined, detail: string): Finding {
  const name = `for stack up: ${what}`
  return missing
    ? { what: name, state: 'off', detail: `${missing.what} is not installed`, remedy: missing.remedy }
    : { what: name, state: 'good', detail }
}
