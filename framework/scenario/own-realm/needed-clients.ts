import { serviceNames } from '@lab/contract'
import { effectsOf, scopesOf } from './client-scopes.ts'
import {
  placeOfClient,
  type RawClient,
  type RawRealm,
  type RawScope,
  type RealmProblem,
} from './raw-realm.ts'

/** The uses of a stack that need more of a realm than a run does. */
export type RealmUse = 'attack' | 'consent' | 'docs'

/** The clients that the scenario names, and what for. */
const clientsOf = {
  always: { 'agent-app': 'people sign in to', 'mcp-server': 'exchanges tokens' },
  attack: { 'rogue-agent': 'the attacker holds' },
  consent: { 'agent-app-asking': 'asks for consent' },
  docs: { 'api-docs': 'the documentation page signs in to' },
} as const

/** The clients that the scenario needs for these uses, each with its purpose. */
export function neededClients(
  uses: readonly RealmUse[],
): readonly (readonly [id: string, purpose: string])[] {
  return (['always', ...uses] as const).flatMap((use) => Object.entries(clientsOf[use]))
}

/** The settings of a client that must be as the lab's own realm has them, with Keycloak's defaults. */
const settings = { publicClient: false, standardFlowEnabled: true, consentRequired: false } as const
const switches = ['standard.token.exchange.enabled', 'access.token.header.type.rfc9068'] as const

/**
 * Finds what the scenario needs of a realm's clients and scopes and does not find: measured against the lab's own realm,
 * which the remedies are taken from.
 */
export function clientProblems(realm: RawRealm, lab: RawRealm, uses: readonly RealmUse[]): RealmProblem[] {
  const services = serviceNames.flatMap((name) => presence(realm, lab, name, 'is the audience of a service'))
  const clients = neededClients(uses).flatMap(([id, purpose]) => {
    const own = realm.clients?.find(({ clientId }) => clientId === id)
    const model = lab.clients?.find(({ clientId }) => clientId === id)
    if (!own || !model) return presence(realm, lab, id, purpose)
    return [...settingProblems(realm, own, model), ...scopeProblems({ realm, own }, { lab, model })]
  })
  return [...services, ...clients, ...duplicates(realm)]
}

/** The problem that a client is missing. Its remedy adds it with the scopes that it names. */
function presence(realm: RawRealm, lab: RawRealm, id: string, purpose: string): RealmProblem[] {
  const model = lab.clients?.find(({ clientId }) => clientId === id)
  if (realm.clients?.some(({ clientId }) => clientId === id) || !model) return []
  const fix = () => {
    realm.clients = [...(realm.clients ?? []), structuredClone(model)]
    for (const name of [...(model.defaultClientScopes ?? []), ...(model.optionalClientScopes ?? [])]) {
      addScope(realm, lab, name)
    }
  }
  const what = `no client ${id}, which ${purpose}`
  return [{ place: 'clients', what, remedy: 'copy it from keycloak/agent-auth-realm.json', fix }]
}

function addScope(realm: RawRealm, lab: RawRealm, name: string): void {
  const scope = lab.clientScopes?.find((each) => each.name === name)
  if (!scope || realm.clientScopes?.some((each) => each.name === name)) return
  realm.clientScopes = [...(realm.clientScopes ?? []), structuredClone(scope)]
}

function settingProblems(realm: RawRealm, own: RawClient, model: RawClient): RealmProblem[] {
  const place = placeOfClient(realm, own)
  const must = (
    name: string,
    value: unknown,
    to: Record<string, unknown> = own,
    at = name,
  ): RealmProblem => ({
    place: `${place}.${at}`,
    what: `must be ${JSON.stringify(value)}`,
    remedy: 'set it so',
    fix: () => {
      to[name] = value
    },
  })
  const problems = Object.entries(settings).flatMap(([name, byDefault]) =>
    (own[name] ?? byDefault) === (model[name] ?? byDefault) ? [] : [must(name, model[name] ?? byDefault)],
  )
  if (own.enabled === false) problems.push(must('enabled', true))
  if (own.bearerOnly === true) problems.push(must('bearerOnly', false))
  if (model.fullScopeAllowed === true || own.fullScopeAllowed === false) {
    if (own.fullScopeAllowed !== true) problems.push(must('fullScopeAllowed', true))
  }
  own.attributes ??= {}
  for (const name of switches) {
    const wanted = model.attributes?.[name]
    if (wanted === undefined || own.attributes[name] === wanted) continue
    problems.push(must(name, wanted, own.attributes, `attributes.${name}`))
  }
  return [...problems, ...secretProblems(own, model, place), ...redirectProblems(own, model, place)]
}

function secretProblems(own: RawClient, model: RawClient, place: string): RealmProblem[] {
  if (!model.secret) return []
  const fix = () => {
    own.secret = model.secret
    own.clientAuthenticatorType = 'client-secret'
  }
  if ((own.clientAuthenticatorType ?? 'client-secret') !== 'client-secret') {
    const what = 'the lab proves itself with a secret here'
    return [
      { place: `${place}.clientAuthenticatorType`, what, remedy: 'write client-secret, and a secret', fix },
    ]
  }
  const { secret } = own
  if (typeof secret === 'string' && secret !== '' && !/^\*+$/.test(secret)) return []
  const what = secret ? 'Keycloak masked the secret in this export' : 'a confidential client needs a secret'
  return [{ place: `${place}.secret`, what, remedy: 'write the secret that it has', fix }]
}

function redirectProblems(own: RawClient, model: RawClient, place: string): RealmProblem[] {
  const [uri] = model.redirectUris ?? []
  const [origin] = model.webOrigins ?? []
  const lacking = (name: 'redirectUris' | 'webOrigins', value: string | undefined): RealmProblem[] =>
    value === undefined || own[name]?.includes(value)
      ? []
      : [
          {
            place: `${place}.${name}`,
            what: `${value} is not among them`,
            remedy: 'add it',
            fix: () => {
              own[name] = [value, ...(own[name] ?? [])]
            },
          },
        ]
  return [...lacking('redirectUris', uri), ...lacking('webOrigins', origin)]
}

interface Own {
  readonly realm: RawRealm
  readonly own: RawClient
}

function scopeProblems(
  { realm, own }: Own,
  { lab, model }: { lab: RawRealm; model: RawClient },
): RealmProblem[] {
  const place = placeOfClient(realm, own)
  const has = scopesOf(realm, own)
  const needs = scopesOf(lab, model)
  const unknown = has.unknown.map((name) => ({
    place,
    what: `there is no client scope ${name}`,
    remedy: 'take the name out, or export the realm with its client scopes',
    fix: () => {
      own.defaultClientScopes = own.defaultClientScopes?.filter((each) => each !== name)
      own.optionalClientScopes = own.optionalClientScopes?.filter((each) => each !== name)
    },
  }))
  const inEachToken = has.defaults.flatMap(effectsOf)
  const effects = needs.defaults.flatMap((scope) =>
    lackingEffects(scope, inEachToken).map(({ effect, mapper }) => ({
      place: `${place}.protocolMappers`,
      what: `its tokens lack ${effect}`,
      remedy: `add a mapper ${mapper.protocolMapper} for it, here or in a default client scope`,
      fix: () => {
        own.protocolMappers = [...(own.protocolMappers ?? []), { ...structuredClone(mapper), name: effect }]
      },
    })),
  )
  const all = [...has.defaults, ...has.optionals]
  const named = needs.optionals.flatMap((scope): RealmProblem[] => {
    const given = all.find(({ name }) => name === scope.name)
    if (given) return sameScope(realm, given, scope)
    const fix = () => {
      addScope(realm, lab, scope.name)
      own.optionalClientScopes = [...(own.optionalClientScopes ?? []), scope.name]
    }
    const what = `no scope ${scope.name}, which the scenario asks for`
    return [{ place: `${place}.optionalClientScopes`, what, remedy: 'add the scope, and its name here', fix }]
  })
  return [...unknown, ...effects, ...named]
}

/** The effects of a scope that are not among those. */
function lackingEffects(scope: RawScope, present: readonly string[]) {
  return (scope.protocolMappers ?? []).flatMap((mapper) => {
    const [effect] = effectsOf({ name: scope.name, protocolMappers: [mapper] })
    return effect === undefined || present.includes(effect) ? [] : [{ effect, mapper }]
  })
}

/** The problems of a scope that has the right name, and does not do what is asked of it by that name. */
function sameScope(realm: RawRealm, own: RawScope, model: RawScope): RealmProblem[] {
  const place = `clientScopes[${realm.clientScopes?.indexOf(own)}] (${own.name})`
  const problems: RealmProblem[] = lackingEffects(model, effectsOf(own)).map(({ effect, mapper }) => ({
    place: `${place}.protocolMappers`,
    what: `a token with this scope lacks ${effect}`,
    remedy: `add a mapper ${mapper.protocolMapper} for it`,
    fix: () => {
      own.protocolMappers = [...(own.protocolMappers ?? []), structuredClone(mapper)]
    },
  }))
  const flag = 'include.in.token.scope'
  if (model.attributes?.[flag] !== 'false' && own.attributes?.[flag] === 'false') {
    const fix = () => {
      own.attributes = { ...own.attributes, [flag]: 'true' }
    }
    const what = 'must be "true", or no token says that it has this scope'
    problems.push({ place: `${place}.attributes.${flag}`, what, remedy: 'set it so', fix })
  }
  return problems
}

function duplicates({ clients = [], clientScopes = [] }: RawRealm): RealmProblem[] {
  const twice = (names: readonly string[]) => [
    ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
  ]
  const problem = (place: string) => (name: string) => ({
    place,
    what: `${name} is there twice`,
    remedy: 'take one of them out',
  })
  return [
    ...twice(clients.map(({ clientId }) => clientId)).map(problem('clients')),
    ...twice(clientScopes.map(({ name }) => name)).map(problem('clientScopes')),
  ]
}
