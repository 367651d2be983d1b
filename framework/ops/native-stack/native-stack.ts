import { existsSync } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { keycloakSettings, opaUrl } from '../../parties/keycloak/settings.ts'
import { policyFolder } from '../../parties/pdp/policy-record.ts'
import { type Addresses, BackgroundProcess } from '../../process/background-process.ts'
import { serverEnvironment } from '../../process/child-environment.ts'
import { cacheFolder, stateFolder } from '../../process/folders.ts'
import { missingGo, missingJava, missingMaven, refuseMissing } from '../../process/tools.ts'
import { UserError } from '../../process/user-error.ts'
import { isHealthy, type Progress, waitForHealth } from '../../process/wait-for-health.ts'
import { defaultRealmFile } from '../../scenario/realm/index.ts'
import { installKeycloak, keycloakHome } from './keycloak-distribution.ts'
import { keycloakArguments, nativeKeycloakOptions } from './keycloak-options.ts'
import { foundOpa, installOpa } from './opa-binary.ts'

/** The place of a native stack. */
export interface Place {
  readonly keycloakUrl: string
  readonly managementPort: number
  readonly opaUrl: string
  readonly admin: { readonly username: string; readonly password: string }
  /** Process ids, logs, Keycloak's database. */
  readonly stateFolder: string
  /** The realm to import; default: the project's. */
  readonly realmFile?: string
  /** The bundle that OPA serves; default: the project's. */
  readonly policyFolder?: string
}

/**
 * The place that the environment names.
 * @throws {UserError} for an address that is not on this machine
 */
export function placeFrom(env: NodeJS.ProcessEnv): Place {
  const { url, admin } = keycloakSettings(env)
  const place = { keycloakUrl: url, opaUrl: opaUrl(env), admin, stateFolder }
  for (const address of [place.keycloakUrl, place.opaUrl]) {
    const { protocol, hostname } = new URL(address)
    if (protocol === 'http:' && /^(127\.\d+\.\d+\.\d+|localhost)$/.test(hostname)) continue
    throw new UserError(
      `${address} is not on this machine: unset KEYCLOAK_URL and OPA_URL, or use http://127.0.0.1:<port>`,
    )
  }
  return { ...place, managementPort: Number(env.KC_HTTP_MANAGEMENT_PORT || 9000) }
}

/** Keycloak and an OPA server as processes of this machine: what `docker-compose.yml` runs in containers. */
export class NativeStack {
  readonly place: Place
  readonly keycloak: BackgroundProcess
  readonly opa: BackgroundProcess
  readonly #env: NodeJS.ProcessEnv

  constructor(place: Place, env: NodeJS.ProcessEnv = process.env) {
    this.place = place
    this.#env = env
    this.keycloak = new BackgroundProcess('keycloak', place.stateFolder)
    this.opa = new BackgroundProcess('opa', place.stateFolder)
  }

  /** The address at which each of them belongs. */
  get addresses(): { readonly keycloak: Addresses; readonly opa: Addresses } {
    const { keycloakUrl, managementPort, opaUrl } = this.place
    const { hostname } = new URL(keycloakUrl)
    return {
      keycloak: { url: keycloakUrl, health: `http://${hostname}:${managementPort}/health/ready` },
      opa: { url: opaUrl, health: `${opaUrl}/health?bundles=true` },
    }
  }

  /** Each running part with its real address and its health. */
  async status(): Promise<PartStatus[]> {
    const { keycloak, opa } = this.addresses
    return Promise.all([
      statusOf(this.keycloak, keycloak, 'KEYCLOAK_URL'),
      statusOf(this.opa, opa, 'OPA_URL'),
    ])
  }

  /**
   * Starts what does not run yet, and waits until both are healthy.
   * @throws {UserError} for what is missing, for a port that is taken, where one of them runs at another address, and
   *   where one does not come up
   */
  async up(progress: Progress): Promise<void> {
    for (const { name, url, elsewhere } of await this.status()) {
      if (elsewhere)
        throw new UserError(`${name} runs at ${url} already: ${elsewhere}, or pnpm run stack down`)
    }
    const cache = cacheFolder(this.#env)
    const installed = await this.install(progress)
    await this.startOpa(installed.opa)
    await this.#startKeycloak(keycloakHome(cache))
    const { keycloak, opa } = this.addresses
    await waitForHealth(this.opa, opa.health, progress)
    await waitForHealth(this.keycloak, keycloak.health, progress)
  }

  /** Fetches Keycloak and builds OPA where they are not here yet. @throws {UserError} for what is missing */
  async install({ report }: Progress): Promise<{ readonly opa: string }> {
    const cache = cacheFolder(this.#env)
    const opa = foundOpa(cache)
    refuseMissing([
      missingJava(this.#env),
      existsSync(keycloakHome(cache)) ? undefined : missingMaven(),
      opa ? undefined : missingGo(),
    ])
    await installKeycloak(cache, report)
    return { opa: opa ?? installOpa(cache, report) }
  }

  /** Ends what `up` started, and removes Keycloak's database. @returns the names of what ran */
  async down(): Promise<string[]> {
    const stopped: string[] = []
    for (const each of [this.keycloak, this.opa]) if (await each.stop()) stopped.push(each.name)
    await rm(join(this.place.stateFolder, 'keycloak'), { recursive: true, force: true })
    return stopped
  }

  /** Starts the OPA server, unless it runs. */
  async startOpa(binary: string): Promise<void> {
    if (this.opa.pid !== undefined) return
    const { hostname, port } = new URL(this.place.opaUrl)
    await refuseTaken(hostname, Number(port || 80), 'OPA_URL')
    const folder = this.place.policyFolder ?? policyFolder
    const args = [...opaArguments(folder), '--addr', `${hostname}:${port || 80}`]
    await this.opa.start(binary, args, serverEnvironment(this.#env), this.addresses.opa)
  }

  async #startKeycloak(home: string): Promise<void> {
    if (this.keycloak.pid !== undefined) return
    const { keycloakUrl: url, managementPort, realmFile = defaultRealmFile } = this.place
    const { hostname, port } = new URL(url)
    await refuseTaken(hostname, Number(port || 80), 'KEYCLOAK_URL')
    await refuseTaken(hostname, managementPort, 'KC_HTTP_MANAGEMENT_PORT')
    await mkdir(join(home, 'data', 'import'), { recursive: true })
    await copyFile(realmFile, join(home, 'data', 'import', 'agent-auth-realm.json'))
    const env = { ...serverEnvironment(this.#env), ...nativeKeycloakOptions({ ...this.place, url }) }
    await this.keycloak.start(join(home, 'bin', 'kc.sh'), keycloakArguments, env, this.addresses.keycloak)
  }
}

/** One part of the stack, as it is. */
export interface PartStatus {
  readonly name: string
  readonly state: 'healthy' | 'not healthy' | 'down'
  /** Its address; the expected one, if this command did not start it. */
  readonly url: string
  /** If `pnpm run stack up` started it. */
  readonly ours?: { readonly pid: number; readonly log: string }
  /** The variable to set if commands look at another address than this one. */
  readonly elsewhere?: string
}

async function statusOf(
  process: BackgroundProcess,
  expected: Addresses,
  variable: string,
): Promise<PartStatus> {
  const { name, pid, log, at = expected } = process
  const healthy = await isHealthy(at.health)
  return {
    name,
    state: healthy ? 'healthy' : pid === undefined ? 'down' : 'not healthy',
    url: at.url,
    ...(pid !== undefined && { ours: { pid, log } }),
    ...(at.url !== expected.url && { elsewhere: `set ${variable}=${at.url}` }),
  }
}

/** The arguments of the OPA server; compose uses the same. */
export function opaArguments(folder: string): string[] {
  const config = join(folder, 'server.yaml')
  return [
    'run',
    '--server',
    '--bundle',
    folder,
    '--ignore',
    '*_test.rego',
    '--config-file',
    config,
    // The bundle's package system.authz says who may ask what; without it everything is refused.
    '--authorization',
    'basic',
    '--skip-version-check',
  ]
}

/** @throws {UserError} where another program listens there already */
async function refuseTaken(host: string, port: number, variable: string): Promise<void> {
  const taken = await new Promise<boolean>((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (!taken) return
  throw new UserError(
    `port ${port} of ${host} is taken by another program: stop that, or set ${variable} to another port`,
  )
}
