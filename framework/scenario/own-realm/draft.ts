import { createHash } from 'node:crypto'
import { type ServiceName, serviceNames } from '@lab/contract'
import * as z from 'zod'
import { isBeforeBasic, mappersOf, scopesOf } from './client-scopes.ts'
import { neededClients, type RealmUse } from './needed-clients.ts'
import { attributeOf, passwordOf, rolesOf } from './needed-users.ts'
import {
  placeOfClient,
  placeOfUser,
  type RawClient,
  type RawRealm,
  type RawScope,
  type RawUser,
} from './raw-realm.ts'

/** The part of a Keycloak export that the lab runs on, in the form of a realm file. */
export interface Draft {
  readonly file: Record<string, unknown>
  /** The places of its clients, users and scopes in the export, in the order of the draft. */
  readonly places: Readonly<Record<'clients' | 'users' | 'clientScopes', readonly string[]>>
  /** The users whose ids were made up. */
  readonly madeIds: readonly string[]
  /** The things that were made up, and those that are not used: one phrase each. */
  readonly made: readonly string[]
  readonly unused: readonly string[]
}

const topLevel = [
  'realm',
  'accessTokenLifespan',
  'ssoSessionIdleTimeout',
  'ssoSessionMaxLifespan',
  'revokeRefreshToken',
  'bruteForceProtected',
  'failureFactor',
]
const looked = [...topLevel, 'attributes', 'users', 'clients', 'clientScopes', 'roles', 'groups']
const realmAttributes = ['acr.loa.map', 'agent-auth.resource.indicators']
const clientFields = [
  'clientId',
  'enabled',
  'publicClient',
  'bearerOnly',
  'clientAuthenticatorType',
  'secret',
  'standardFlowEnabled',
  'serviceAccountsEnabled',
  'consentRequired',
  'fullScopeAllowed',
]
const clientAttributes = [
  'access.token.lifespan',
  'jwks.string',
  'access.token.header.type.rfc9068',
  'pkce.code.challenge.method',
  'standard.token.exchange.enabled',
  'use.refresh.tokens',
  'oidc.ciba.grant.enabled',
  'agent-auth.workload.subject',
]
/** The agent's own clients, where the realm has them: one pattern needs them. */
const agentsOwn = ['nightly-job', 'nightly-workload']
const scopeAttributes = ['include.in.token.scope', 'display.on.consent.screen']

/** Takes from an export what the scenario names, makes ids that are missing, and lists the rest. */
export function draftOf(realm: RawRealm, uses: readonly RealmUse[]): Draft {
  const { clients = [], users = [] } = realm
  const wanted = new Set([...neededClients(uses).map(([id]) => id), ...agentsOwn])
  const isService = ({ clientId }: RawClient) => serviceNames.includes(clientId as ServiceName)
  const keptClients = clients.filter((client) => wanted.has(client.clientId) || isService(client))
  const keptUsers = users.filter((user) => isWhole(realm, user))
  const scopes = new Map<string, RawScope>()
  const draftClients = keptClients.map((client) => {
    if (isService(client)) return { clientId: client.clientId, bearerOnly: true }
    const { defaults, optionals } = scopesOf(realm, client)
    for (const scope of [...defaults, ...optionals]) scopes.set(scope.name, scope)
    return {
      ...picked(client, clientFields),
      attributes: picked(client.attributes, clientAttributes),
      redirectUris: client.redirectUris?.filter(isWholeUri) ?? [],
      webOrigins: client.webOrigins?.filter((origin) => URL.canParse(origin)) ?? [],
      defaultClientScopes: defaults.map(({ name }) => name),
      optionalClientScopes: optionals.map(({ name }) => name),
    }
  })
  const madeIds = keptUsers.filter(({ id }) => !isUuid(id))
  const left = <T>(all: readonly T[], kept: readonly T[], name: (each: T) => string) =>
    all.filter((each) => !kept.includes(each)).map(name)
  return {
    file: {
      ...picked(realm, topLevel),
      attributes: picked(realm.attributes, realmAttributes),
      users: keptUsers.map((user) => draftUser(realm, user)),
      clients: draftClients,
      clientScopes: [...scopes.values()].map((scope) => ({
        name: scope.name,
        attributes: picked(scope.attributes, scopeAttributes),
        protocolMappers: mappersOf(scope).known.map(({ raw }) => raw),
      })),
    },
    places: {
      clients: keptClients.map((client) => placeOfClient(realm, client)),
      users: keptUsers.map((user) => placeOfUser(realm, user)),
      clientScopes: [...scopes.values()].map((scope) => placeOfScope(realm, scope)),
    },
    madeIds: madeIds.map(({ username }) => username),
    made: [
      ...madeIds.map((user) => `${placeOfUser(realm, user)}.id`),
      ...(isBeforeBasic(realm)
        ? ['client scope basic (claim sub), as Keycloak does for an older export']
        : []),
    ],
    unused: [
      listed(
        '',
        Object.keys(realm).filter((key) => !looked.includes(key)),
      ),
      listed(
        'clients ',
        left(clients, keptClients, ({ clientId }) => clientId),
      ),
      listed(
        'users without password, lab role or department: ',
        left(users, keptUsers, ({ username }) => username),
      ),
      listed(
        'mappers ',
        [...scopes.values()].flatMap((scope) =>
          mappersOf(scope).others.map((name) => `${scope.name}/${name}`),
        ),
      ),
      listed('addresses with a wildcard: ', keptClients.flatMap(wildcardsOf)),
    ].filter((line) => line !== ''),
  }
}

function placeOfScope({ clientScopes = [] }: RawRealm, scope: RawScope): string {
  const index = clientScopes.indexOf(scope)
  return index < 0 ? `client scope ${scope.name}` : `clientScopes[${index}] (${scope.name})`
}

function listed(kind: string, names: readonly string[]): string {
  return names.length > 0 ? kind + names.join(', ') : ''
}

/** The fields of those names that say something. */
function picked(from: Readonly<Record<string, unknown>> | undefined, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from?.[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

/** A user of whom the directory and the policy know enough, and who can sign in. */
function isWhole(realm: RawRealm, user: RawUser): boolean {
  const knows = attributeOf(user, 'department') && rolesOf(realm, user).length > 0
  return Boolean(knows && passwordOf(user) !== undefined)
}

function draftUser(realm: RawRealm, user: RawUser): Record<string, unknown> {
  const manager = attributeOf(user, 'reports_to')
  const otp = user.credentials?.find(({ type, secretData }) => type === 'otp' && secretData)
  return {
    id: isUuid(user.id) ? user.id : madeId(realm.realm, user.username),
    username: user.username,
    enabled: user.enabled,
    credentials: [{ type: 'password', value: passwordOf(user) }, ...(otp ? [otp] : [])],
    realmRoles: rolesOf(realm, user),
    attributes: { department: [attributeOf(user, 'department')], ...(manager && { reports_to: [manager] }) },
  }
}

function isUuid(id: unknown): boolean {
  return z.uuid().safeParse(id).success
}

/** The same id each time, so that another process finds the same user (RFC 9562 section 5.8). */
function madeId(realm: string, username: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([realm, username]))
    .digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

function isWholeUri(uri: string): boolean {
  return URL.canParse(uri) && !uri.includes('*')
}

function wildcardsOf({ clientId, redirectUris = [], webOrigins = [] }: RawClient): string[] {
  const left = [
    ...redirectUris.filter((uri) => !isWholeUri(uri)),
    ...webOrigins.filter((origin) => !URL.canParse(origin)),
  ]
  return left.map((address) => `${clientId} ${address}`)
}
