import type { AuditEvent } from './event.ts'

/** The release of the Elastic Common Schema that the field names are from. */
const ecsVersion = '8.17.0'

const outcomes = { allow: 'success', deny: 'failure', error: 'unknown' } as const
/** Of the category `api`; `authentication` has types of its own. */
const types = { allow: ['access', 'allowed'], deny: ['access', 'denied'], error: ['access'] } as const
const idpTypes: Readonly<Record<string, string>> = { login: 'start', logout: 'end' }

/** An event in the Elastic Common Schema; what that has no field for stands under `agent_auth`. */
export function ecsOf(event: AuditEvent): Readonly<Record<string, unknown>> {
  const { time, trace, source, action, outcome, reason, rule, user, status } = event
  const { decidedBy, pattern, tool, resources, actors, client, scopes, jti, acr, session } = event
  return {
    '@timestamp': time,
    ecs: { version: ecsVersion },
    event: {
      kind: 'event',
      ...(source === 'idp'
        ? { category: ['authentication'], type: [idpTypes[action] ?? 'info'] }
        : { category: ['api'], type: types[outcome] }),
      dataset: `agent_auth.${source}`,
      action,
      outcome: outcomes[outcome],
      ...(reason && { reason }),
    },
    service: { name: source },
    ...(trace && { trace: { id: trace } }),
    ...(user && { user: { name: user } }),
    ...(rule && { rule: { name: rule } }),
    ...(status && { http: { response: { status_code: status } } }),
    agent_auth: {
      decided_by: decidedBy,
      pattern,
      tool,
      resources,
      actors,
      client,
      scopes,
      token_id: jti,
      acr,
      session_id: session,
    },
  }
}
