import { checkGroups } from './checks/index.ts'
import type { ProbeIssuer } from './issuer.ts'
import type { Target } from './target.ts'

/** The description of a run, made without a request. */
export function plan(target: Target, only: readonly string[] | undefined): string {
  const call =
    target.tool === undefined
      ? `${target.method} ${target.url}`
      : `tools/call ${target.tool} ${JSON.stringify(target.arguments)} at ${target.url}`
  const groups = checkGroups.flatMap(({ title, checks }) => {
    const chosen = checks.filter(({ id }) => !only || only.includes(id))
    return chosen.length === 0 ? [] : ['', title, ...chosen.map(({ id, says }) => `  ${id}: ${says}`)]
  })
  return [
    `The honest call: ${call}, as ${Object.keys(target.users).join(' and ')}.`,
    `At most ${target.maxRequests} requests, each up to ${target.timeout / 1000} s. Nothing was sent.`,
    'Each check finds the following, or not:',
    ...groups,
  ].join('\n')
}

/** The settings that the server under test needs. */
export function toConfigure(issuer: ProbeIssuer, { audience, url, scope, acr }: Target): string {
  return [
    'Configure your server to trust this issuer, for the time of the test alone:',
    `  issuer    ${issuer.url}`,
    `  key set   ${issuer.jwksUrl} (ES256)`,
    `  audience  ${audience ?? url}`,
    ...(acr === undefined ? [] : [`  acr       ${acr}`]),
    ...(scope === '' ? [] : [`  scope     ${scope}`]),
    `  or, if your server asks about tokens: ${issuer.introspectionUrl} (RFC 7662), by any client`,
    '',
  ].join('\n')
}
