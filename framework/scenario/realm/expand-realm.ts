import { usernames } from './lookup.ts'
import type { ClientScope, Realm, RealmClient, RealmUser } from './realm.ts'
import type { RealmFile } from './realm-file.ts'

type ClientInFile = RealmFile['clients'][number]
type Refuse = (what: string) => void

/**
 * Replaces names by what they name, and so finds those that name nothing.
 * @param refuse is told of each problem; where it does not throw, the realm that is returned is not whole
 */
export function expandRealm(file: RealmFile, refuse: Refuse): Realm {
  const scopes = new Map(file.clientScopes.map((scope) => [scope.name, scopeFrom(scope)]))
  const scopesOf = (names: readonly string[], where: string) =>
    names.flatMap((name) => {
      const scope = scopes.get(name)
      if (!scope) refuse(`${where}: there is no client scope ${name}`)
      return scope ?? []
    })

  const clients = file.clients.map((client, index): RealmClient => {
    const where = `clients[${index}] (${client.clientId})`
    checkClient(client, where, refuse)
    return {
      ...settingsOf(client),
      tokenLifespan: client.attributes['access.token.lifespan'] ?? file.accessTokenLifespan,
      defaultScopes: scopesOf(client.defaultClientScopes, `${where}.defaultClientScopes`),
      optionalScopes: scopesOf(client.optionalClientScopes, `${where}.optionalClientScopes`),
    }
  })
  const users = file.users.map(userFrom)
  const levels = Object.entries(file.attributes['acr.loa.map'])
  check({ users, clients, scopes: [...scopes.values()] }, refuse)
  return {
    name: file.realm,
    sessionIdle: file.ssoSessionIdleTimeout,
    sessionMax: file.ssoSessionMaxLifespan,
    rotateRefreshTokens: file.revokeRefreshToken,
    resourceIndicators: file.attributes['agent-auth.resource.indicators'],
    ...(file.bruteForceProtected && { failureFactor: file.failureFactor }),
    passwordAcr: levels.find(([, level]) => level === 1)?.[0] ?? '1',
    users,
    clients,
  }
}

function scopeFrom({ name, attributes, protocolMappers }: RealmFile['clientScopes'][number]): ClientScope {
  return {
    name,
    inToken: attributes['include.in.token.scope'],
    onConsentPage: attributes['display.on.consent.screen'],
    mappers: protocolMappers,
  }
}

/** Refuses a client whose settings do not go together. */
function checkClient(client: ClientInFile, where: string, refuse: Refuse): void {
  const asksForTokens = client.enabled && !client.bearerOnly
  const signs = signsItsRequests(client)
  if (signs && !client.attributes['jwks.string']) {
    refuse(`${where}: clientAuthenticatorType client-jwt needs jwks.string`)
  }
  if (asksForTokens && !client.publicClient && !signs && !client.secret) {
    refuse(`${where}: a confidential client needs a secret`)
  }
  if (client.consentRequired && !client.fullScopeAllowed) {
    refuse(`${where}: consentRequired needs fullScopeAllowed, or Keycloak leaves the roles out of its tokens`)
  }
  if (asksForTokens && client.standardFlowEnabled && client.redirectUris.length === 0) {
    refuse(`${where}: a client that users sign in to needs redirectUris`)
  }
}

/** The settings of a client that name nothing else in the file. */
function settingsOf(client: ClientInFile) {
  const { attributes } = client
  return {
    clientId: client.clientId,
    ...(signsItsRequests(client) ? attributes['jwks.string'] : client.secret && { secret: client.secret }),
    public: client.publicClient,
    ...(attributes['agent-auth.workload.subject'] && { workload: attributes['agent-auth.workload.subject'] }),
    enabled: client.enabled,
    signIn: client.standardFlowEnabled && !client.bearerOnly,
    serviceAccount: client.serviceAccountsEnabled,
    tokenExchange: attributes['standard.token.exchange.enabled'],
    backchannel: attributes['oidc.ciba.grant.enabled'],
    refreshTokens: attributes['use.refresh.tokens'],
    consentRequired: client.consentRequired,
    pkce: attributes['pkce.code.challenge.method'] === 'S256',
    redirectUris: client.redirectUris,
    webOrigins: client.webOrigins,
    tokenType: attributes['access.token.header.type.rfc9068'] ? 'at+jwt' : 'JWT',
  } as const
}

function signsItsRequests({ clientAuthenticatorType }: ClientInFile): boolean {
  return clientAuthenticatorType === 'client-jwt'
}

function userFrom({
  credentials: [password, otp],
  attributes,
  ...user
}: RealmFile['users'][number]): RealmUser {
  return {
    sub: user.id,
    username: user.username,
    password: password.value,
    ...(otp && { otpSecret: otp.secretData.value }),
    enabled: user.enabled,
    roles: user.realmRoles,
    department: attributes.department[0],
    ...(attributes.reports_to && { manager: attributes.reports_to[0] }),
  }
}

function check(
  realm: { users: readonly RealmUser[]; clients: readonly RealmClient[]; scopes: readonly ClientScope[] },
  refuse: Refuse,
): void {
  const clientIds = realm.clients.map(({ clientId }) => clientId)
  const names = usernames(realm)
  const twice = (all: readonly string[]) => all.find((name, index) => all.indexOf(name) !== index)

  for (const [what, all] of [
    ['clients', clientIds],
    ['users', names],
    ['users', realm.users.map(({ sub }) => sub)],
    ['clientScopes', realm.scopes.map(({ name }) => name)],
  ] as const) {
    const name = twice(all)
    if (name) refuse(`${what}: ${name} is there twice`)
  }
  for (const { username, manager } of realm.users) {
    if (manager && !names.includes(manager)) {
      refuse(`users (${username}).attributes.reports_to: there is no user ${manager}`)
    }
  }
  for (const { name, mappers } of realm.scopes) {
    for (const mapper of mappers) {
      if (mapper.protocolMapper !== 'oidc-audience-mapper') continue
      const audience = mapper.config['included.client.audience']
      if (!clientIds.includes(audience)) refuse(`clientScopes (${name}): there is no client ${audience}`)
    }
  }
}
