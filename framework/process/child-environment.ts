import type { Environment } from './environment.ts'

/** The variables that a server needs: how to find programs, its home, its language, and how Java is set up. */
const ofServers = /^(PATH|HOME|USER|LOGNAME|TMPDIR|LANG|LC_\w+|TZ|JAVA_\w+)$/

/** Variables that tools need which build and fetch: their own settings, proxies and certificates. */
const ofTools = /^(GO\w*|CGO_\w+|CC|MAVEN_\w+|XDG_\w+|DOCKER_\w+|SSL_CERT_\w+|(https?|no|all)_proxy)$/i

/** The environment for a server that goes on in the background: nothing in it is a secret of somebody else's. */
export function serverEnvironment(env: Environment): Record<string, string> {
  return only(env, (name) => ofServers.test(name))
}

/** The environment for a tool that builds, fetches or asks: no API key, no client secret, no token. */
export function toolEnvironment(env: Environment): Record<string, string> {
  return only(env, (name) => ofServers.test(name) || ofTools.test(name))
}

function only(env: Environment, isNeeded: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && isNeeded(name) ? [[name, value]] : [],
    ),
  )
}
