import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run } from '../../process/tools.ts'
import { UserError } from '../../process/user-error.ts'

/** The release that this project is tested with; compose names the same. */
export const keycloakVersion = '26.7.3'

/** SHA-256, in hex, of the release's distribution. */
const sha256 = '27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f'
const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`

export function keycloakHome(cache: string): string {
  return join(cache, `keycloak-${keycloakVersion}`)
}

/**
 * Fetches Keycloak's distribution once: as the Maven artifact, checked and unpacked into the cache.
 * @returns its folder
 * @throws {UserError} where Maven cannot fetch it, or it is not the expected one
 */
export async function installKeycloak(cache: string, report: (line: string) => void): Promise<string> {
  const home = keycloakHome(cache)
  if (existsSync(join(home, 'bin', 'kc.sh'))) return home
  await mkdir(cache, { recursive: true })
  // Unpacked beside its place and then moved: what is in its place is always whole.
  const scratch = await mkdtemp(join(cache, 'fetching-'))
  try {
    report(`fetching Keycloak ${keycloakVersion} with Maven (180 MB, once)`)
    maven('copy', scratch)
    await verify(join(scratch, `keycloak-quarkus-dist-${keycloakVersion}.zip`))
    maven('unpack', scratch)
    await rename(join(scratch, `keycloak-${keycloakVersion}`), home)
  } finally {
    await rm(scratch, { recursive: true })
  }
  return home
}

/** Outside of a project Maven makes folders where it runs, one named `${project.basedir}`: it runs in the scratch folder. */
function maven(goal: 'copy' | 'unpack', folder: string): void {
  const options = [`-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]
  const { status, output } = run('mvn', ['-B', '-q', `dependency:${goal}`, ...options], { cwd: folder })
  if (status === 0) return
  const reason = /^\[ERROR\] (.*)$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1)
  throw new UserError(
    `Maven cannot fetch Keycloak (${reason}); try it by hand: mvn dependency:get -Dartifact=${artifact}`,
  )
}

async function verify(file: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const found = hash.digest('hex')
  if (found === sha256) return
  throw new UserError(
    `Keycloak's distribution is not the expected one (SHA-256 ${found}): delete ~/.m2/repository/org/keycloak/keycloak-quarkus-dist and try again`,
  )
}
