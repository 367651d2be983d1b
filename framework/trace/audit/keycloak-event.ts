import type { AuditEvent } from './event.ts'

/** The embedded IdP's name for the same event. */
const actions: Readonly<Record<string, string>> = {
  LOGIN: 'login',
  LOGOUT: 'logout',
  CODE_TO_TOKEN: 'code_exchange',
  REFRESH_TOKEN: 'token_refresh',
  TOKEN_EXCHANGE: 'token_exchange',
}

/**
 * An event of Keycloak's (logger `org.keycloak.events`). It names the token that was issued by its `jti` and the
 * session by its `sid`, so it can also be joined where tracing is off.
 * @param nameOf for an event that names the user by id alone
 * @returns none for what an administrator did, and for a line without a type
 */
export function keycloakEvent(
  line: {
    readonly timestamp: string
    readonly message: string
    readonly mdc: { readonly traceId?: string | undefined }
  },
  nameOf: (sub: string) => string | undefined,
): AuditEvent[] {
  const fields = fieldsOf(line.message)
  const {
    type,
    clientId,
    userId = '',
    username = nameOf(userId),
    sessionId,
    token_id: jti,
    scope,
    audience,
    error,
    reason,
  } = fields
  if (!type) return []
  const name = type.replace(/_ERROR$/, '')
  const trace = line.mdc.traceId
  return [
    {
      time: line.timestamp,
      ...(trace && { trace }),
      source: 'idp',
      action: actions[name] ?? name.toLowerCase(),
      outcome: error ? 'deny' : 'allow',
      decidedBy: 'idp',
      ...(audience && { resources: audience.split(' ').map((each) => `audience:${each}`) }),
      ...(username && { user: username }),
      ...(clientId && { client: clientId }),
      ...(scope && { scopes: scope.split(' ') }),
      ...(jti && { jti }),
      ...(sessionId && { session: sessionId }),
      reason: [error, reason].filter(Boolean).join(': ') || 'granted',
    },
  ]
}

/** `key="value"` pairs; a quote inside of a value is escaped. Keycloak writes an absent value as `null`. */
function fieldsOf(message: string): Readonly<Record<string, string | undefined>> {
  const pairs = [...message.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, key = '', value = '']) => [key, value.replaceAll(/\\(.)/g, '$1')] as const,
  )
  return Object.fromEntries(pairs.filter(([, value]) => value !== 'null'))
}
