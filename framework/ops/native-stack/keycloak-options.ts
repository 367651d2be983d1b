import { join } from 'node:path'

/**
 * Keycloak's options beside its realm: the same in `docker-compose.yml`, which a test compares. A demo's: plain
 * HTTP on loopback, an H2 database, a well-known administrator.
 */
export const keycloakOptions = {
  // One issuer, whatever name it is reached by; who asks under another name gets back-channel addresses of that name.
  KC_HOSTNAME: 'http://127.0.0.1:8080',
  KC_HOSTNAME_BACKCHANNEL_DYNAMIC: 'true',
  KC_HTTP_PORT: '8080',
  KC_HTTP_MANAGEMENT_PORT: '9000',
  KC_HEALTH_ENABLED: 'true',
  KC_DB: 'dev-file',
  // Events: successes too, as JSON, each with the trace id of the request that caused it. No collector is needed.
  KC_SPI_EVENTS_LISTENER__JBOSS_LOGGING__SUCCESS_LEVEL: 'info',
  KC_TRACING_ENABLED: 'true',
  KC_TRACING_SAMPLER_TYPE: 'always_on',
  QUARKUS_OTEL_TRACES_EXPORTER: 'none',
  KC_LOG_CONSOLE_OUTPUT: 'json',
} as const

/** `start-dev`: plain HTTP is allowed, and themes are not cached. */
export const keycloakArguments = ['start-dev', '--import-realm'] as const

/** The options that differ if Keycloak runs without a container. */
export function nativeKeycloakOptions(place: {
  readonly url: string
  readonly managementPort: number
  readonly stateFolder: string
  readonly admin: { readonly username: string; readonly password: string }
}): Readonly<Record<string, string>> {
  const { url, managementPort, stateFolder, admin } = place
  return {
    ...keycloakOptions,
    KC_HOSTNAME: url,
    KC_HTTP_HOST: new URL(url).hostname,
    KC_HTTP_PORT: new URL(url).port || '80',
    KC_HTTP_MANAGEMENT_PORT: String(managementPort),
    KC_DB_URL_PATH: join(stateFolder, 'keycloak'),
    KC_BOOTSTRAP_ADMIN_USERNAME: admin.username,
    KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password,
  }
}
