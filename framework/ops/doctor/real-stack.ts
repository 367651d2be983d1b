import { existsSync } from 'node:fs'
import {
  AuthError,
  audienceOf,
  clockToleranceSeconds,
  newTraceparent,
  type TokenProfile,
  tokenProfiles,
  verifyAccessToken,
} from '@lab/contract'
import { createRemoteJWKSet, decodeJwt } from 'jose'
import { checkKeycloak } from '../../parties/keycloak/keycloak-check.ts'
import { keycloakSettings, opaUrl, withSecrets } from '../../parties/keycloak/settings.ts'
import { discover } from '../../parties/oauth-client/discovery.ts'
import { checkOpa } from '../../parties/pdp/opa-check.ts'
import { policyFolder, revisionOf } from '../../parties/pdp/policy-record.ts'
import { signIn } from '../../parties/sign-in/index.ts'
import type { Environment } from '../../process/environment.ts'
import { cacheFolder } from '../../process/folders.ts'
import { type Missing, missingGo, missingJava, missingMaven, run } from '../../process/tools.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { keycloakHome, keycloakVersion } from '../native-stack/keycloak-distribution.ts'
import { foundOpa } from '../native-stack/opa-binary.ts'
import { opaVersion } from '../policy/opa.ts'
import { attempt, type Finding } from './finding.ts'

/** The time that a server has to answer, in ms. */
const timeout = 2_000

/** The Keycloak of `--idp keycloak`: its realm, its name, our secret, its clock. */
export async function keycloak(env: Environment): Promise<Finding> {
  const what = 'Keycloak'
  return attempt(what, async () => {
    const settings = keycloakSettings(env)
    if (!env.KEYCLOAK_URL && !(await answers(settings.url))) return notUp(settings.url)
    const issuer = await checkKeycloak(settings, withSecrets(readRealm(), settings))
    return `${issuer}: realm, secret, clock and tokens are right, and ${await trySignIn(issuer, settings.profile)}`
  }).then(offWhereNotUp)
}

/** The OPA server of `--pdp opa`: whether it serves this policy. */
export async function opa(env: Environment): Promise<Finding> {
  return attempt('OPA server', async () => {
    const url = opaUrl(env)
    if (!env.OPA_URL && !(await answers(url))) return notUp(url)
    await checkOpa({ url, revision: revisionOf(policyFolder), fetch })
    return `${url} serves the policy of opa/`
  }).then(offWhereNotUp)
}

/** The needs of `pnpm run stack up` and of `docker compose up`. */
export function installed(env: NodeJS.ProcessEnv): Finding[] {
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

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(timeout), redirect: 'manual' }).then(
    () => true,
    () => false,
  )
}

function notUp(url: string): string {
  return `nothing answers at ${url}; the embedded default serves (pnpm run stack up starts it)`
}

function offWhereNotUp(finding: Finding): Finding {
  return finding.detail.startsWith('nothing answers') ? { ...finding, state: 'off' } : finding
}

/**
 * Signs a user in, compares Keycloak's clock with ours by the token that it issued, and verifies that token.
 * @throws where nobody can sign in, where the clocks differ by more than a token's verification forgives, and where the
 *   token is of another form than the profile's
 */
async function trySignIn(issuer: string, profile: TokenProfile = tokenProfiles.keycloak): Promise<string> {
  const realm = readRealm()
  const { clientId, redirectUris } = clientOf(realm, 'agent-app')
  const { username = '', password = '', sub } = realm.users[0] ?? {}
  const redirectUri = redirectUris[0] ?? ''
  const traceparent = newTraceparent()
  const asked = { issuer, clientId, redirectUri, username, password, scopes: [], fetch, traceparent }
  const { accessToken } = await signIn(asked)
  const seconds = Math.round((decodeJwt(accessToken).iat ?? 0) - Date.now() / 1000)
  if (Math.abs(seconds) > clockToleranceSeconds) {
    throw new Error(
      `its clock is ${seconds} s off ours, and ${clockToleranceSeconds} s are forgiven: set both clocks by NTP`,
    )
  }
  const { jwks_uri = '' } = await discover(issuer, { fetch, traceparent })
  const verifier = {
    issuer,
    jwks: createRemoteJWKSet(new URL(jwks_uri)),
    userOf: (id: string) => (id === sub ? username : undefined),
    now: Date.now,
    profile,
  }
  const audience = audienceOf(profile, 'mcp-server')
  await verifyAccessToken(accessToken, verifier, { audience }).catch((error: unknown) => {
    if (!(error instanceof AuthError)) throw error
    throw new Error(
      `its tokens are not as expected (${error.message}): import the realm, or set TOKEN_PROFILE by docs/providers.md`,
    )
  })
  return `${username} can sign in`
}
