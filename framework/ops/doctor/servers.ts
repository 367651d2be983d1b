import { checkKeycloak } from '../../parties/keycloak/keycloak-check.ts'
import { keycloakSettings, opaUrl, withSecrets } from '../../parties/keycloak/settings.ts'
import { checkOpa } from '../../parties/pdp/opa-check.ts'
import { policyFolder, revisionOf } from '../../parties/pdp/policy-record.ts'
import type { Environment } from '../../process/environment.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { attempt, type Finding } from './finding.ts'
import { trySignIn } from './try-sign-in.ts'

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
