import { boundedFetch } from '@lab/contract'
import { UserError } from '../../process/user-error.ts'
import type { KeycloakSettings } from './settings.ts'

/** Sends a request that has 10 s for its whole answer; lists of a realm may be long. */
const send = boundedFetch(fetch, { timeout: 10_000, maxSize: 8_388_608 })
/** A token is asked for again when it has less than this left, in ms: an administrator's lives for a minute. */
const margin = 10_000

/** Keycloak's admin REST API for one realm, as the administrator of the `master` realm uses it. */
export class AdminApi {
  readonly #settings: KeycloakSettings
  readonly #realm: string
  #token: { readonly value: string; readonly expiresAt: number } | undefined

  constructor(settings: KeycloakSettings, realm: string) {
    this.#settings = settings
    this.#realm = realm
  }

  /**
   * Reads something of the realm.
   * @param path under `/admin/realms/{realm}`
   * @throws {UserError} as {@link send}
   */
  async get<T>(path: string): Promise<T> {
    return (await (await this.send('GET', path)).json()) as T
  }

  /**
   * Sends a request; the realm's own address is the empty path.
   * @throws {UserError} where Keycloak does not answer, does not know the administrator, or refuses
   */
  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await this.#fetch(`/admin/realms/${this.#realm}${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.#accessToken()}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    const reason = `HTTP ${response.status} to ${method} ${path || 'the realm'}`
    throw new UserError(`Keycloak's administration refuses: ${reason}; is the realm the one of keycloak/?`)
  }

  async #accessToken(): Promise<string> {
    if (this.#token && this.#token.expiresAt > Date.now() + margin) return this.#token.value
    const { username, password } = this.#settings.admin
    const response = await this.#fetch('/realms/master/protocol/openid-connect/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username, password }),
    })
    if (!response.ok) {
      throw new UserError(
        `Keycloak at ${this.#settings.url} does not take ${username} as its administrator (HTTP ${response.status}): set KC_BOOTSTRAP_ADMIN_USERNAME and KC_BOOTSTRAP_ADMIN_PASSWORD`,
      )
    }
    const { access_token: value, expires_in: seconds } = (await response.json()) as {
      access_token: string
      expires_in: number
    }
    this.#token = { value, expiresAt: Date.now() + seconds * 1000 }
    return value
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await send(this.#settings.url + path, init)
    } catch (cause) {
      throw new UserError(
        `Keycloak at ${this.#settings.url} does not answer; see its state: pnpm run stack status`,
        { cause },
      )
    }
  }
}
