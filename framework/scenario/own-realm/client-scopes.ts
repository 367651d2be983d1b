import { type ProtocolMapper, protocolMapper } from '../realm/realm-file.ts'
import type { RawClient, RawMapper, RawRealm, RawScope } from './raw-realm.ts'

/** The scopes of a client in a Keycloak export, found as Keycloak finds them when it imports the file. */
export interface ScopesOfClient {
  readonly defaults: readonly RawScope[]
  readonly optionals: readonly RawScope[]
  /** Names that mean no scope. */
  readonly unknown: readonly string[]
}

/** The scopes that Keycloak makes in a realm whose file lists none. */
const builtIn = {
  defaults: ['web-origins', 'acr', 'profile', 'roles', 'basic', 'email'],
  optionals: ['address', 'phone', 'offline_access', 'organization', 'microprofile-jwt'],
}

const hidden = { 'include.in.token.scope': 'false', 'display.on.consent.screen': 'false' }

/** The built-in scopes that put something into a token that the lab reads. */
const knownBuiltIns: Readonly<Record<string, RawScope>> = {
  basic: {
    name: 'basic',
    attributes: hidden,
    protocolMappers: [{ protocolMapper: 'oidc-sub-mapper', config: { 'access.token.claim': 'true' } }],
  },
  acr: {
    name: 'acr',
    attributes: hidden,
    protocolMappers: [{ protocolMapper: 'oidc-acr-mapper', config: { 'access.token.claim': 'true' } }],
  },
}

/** Before this release `sub` was in each token without a scope; its import adds the scope `basic` to older files. */
const firstWithBasic = 25

/** True for a file of a Keycloak that put `sub` into tokens by itself. */
export function isBeforeBasic({ keycloakVersion, clientScopes = [] }: RawRealm): boolean {
  const major = Number.parseInt(keycloakVersion ?? '', 10)
  return major < firstWithBasic && !clientScopes.some(({ name }) => name === 'basic')
}

/** Gives the scopes of a client, with the mappers of the client itself as a default scope (`<client>-dedicated`). */
export function scopesOf(realm: RawRealm, client: RawClient): ScopesOfClient {
  const inFile = new Map(realm.clientScopes?.map((scope) => [scope.name, scope]))
  const found = (name: string): RawScope | undefined => {
    const scope = inFile.get(name)
    if (scope || realm.clientScopes) return scope
    const isBuiltIn = builtIn.defaults.includes(name) || builtIn.optionals.includes(name)
    return knownBuiltIns[name] ?? (isBuiltIn ? { name, attributes: hidden } : undefined)
  }
  const named = (names: readonly string[]) =>
    names.flatMap((name) => found(name) ?? []).filter(({ protocol }) => protocol !== 'saml')
  const defaultNames =
    client.defaultClientScopes ??
    realm.defaultDefaultClientScopes ??
    (realm.clientScopes ? [] : builtIn.defaults)
  const optionalNames =
    client.optionalClientScopes ??
    realm.defaultOptionalClientScopes ??
    (realm.clientScopes ? [] : builtIn.optionals)
  return {
    defaults: [
      ...named(defaultNames),
      ...(isBeforeBasic(realm) && knownBuiltIns.basic ? [knownBuiltIns.basic] : []),
      ...dedicatedTo(client),
    ],
    optionals: named(optionalNames),
    unknown: [...defaultNames, ...optionalNames].filter((name) => !found(name)),
  }
}

function dedicatedTo({ clientId, protocolMappers = [] }: RawClient): RawScope[] {
  return protocolMappers.length > 0
    ? [{ name: `${clientId}-dedicated`, attributes: hidden, protocolMappers }]
    : []
}

/** The mappers of a scope that the embedded IdP knows, and the names of the others. */
export function mappersOf({ protocolMappers = [] }: RawScope) {
  const known: { readonly raw: RawMapper; readonly read: ProtocolMapper }[] = []
  const others: string[] = []
  for (const raw of protocolMappers) {
    const mapper = withAudience(raw)
    const { data } = protocolMapper.safeParse(mapper)
    // A dot in a claim's name makes an object of it in Keycloak: `realm_access.roles`.
    const isNested = data && 'claim.name' in data.config && data.config['claim.name'].includes('.')
    if (data && !isNested) known.push({ raw: mapper, read: data })
    else others.push(raw.name ?? raw.protocolMapper ?? 'a mapper without a name')
  }
  return { known, others }
}

/** Keycloak has two fields for an audience: a client of the realm, and any word. */
function withAudience(raw: RawMapper): RawMapper {
  const {
    'included.custom.audience': custom,
    'included.client.audience': client,
    ...config
  } = raw.config ?? {}
  if (raw.protocolMapper !== 'oidc-audience-mapper') return raw
  return { ...raw, config: { ...config, 'included.client.audience': client || custom } }
}

/** The effect of a mapper on access tokens, in words that compare: `aud expenses`, `claim roles`; none: undefined. */
function effectOf(mapper: ProtocolMapper): string | undefined {
  const { config } = mapper
  if (!config['access.token.claim']) return undefined
  switch (mapper.protocolMapper) {
    case 'oidc-sub-mapper':
      return 'claim sub'
    case 'oidc-audience-mapper':
      return `audience ${mapper.config['included.client.audience']}`
    case 'oidc-usermodel-realm-role-mapper':
      return `claim ${mapper.config['claim.name']} (the realm roles)`
    case 'oidc-acr-mapper':
      return 'claim acr'
    case 'oidc-hardcoded-claim-mapper':
      return `claim ${mapper.config['claim.name']} ${JSON.stringify(mapper.config['claim.value'])}`
    default:
      return undefined
  }
}

/** All effects of a scope on access tokens. */
export function effectsOf(scope: RawScope): string[] {
  return mappersOf(scope).known.flatMap(({ read }) => effectOf(read) ?? [])
}
