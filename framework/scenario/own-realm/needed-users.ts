import { type Role, roles } from '@lab/contract'
import { placeOfUser, type RawRealm, type RawUser, type RealmProblem } from './raw-realm.ts'

/**
 * Finds what the scenario needs of the realm's users and does not find. The prompts and the seed data name alice, bob and
 * dave; what they may do is the realm's to say.
 */
export function userProblems(realm: RawRealm, lab: RawRealm): RealmProblem[] {
  const problems = (lab.users ?? []).flatMap((model) => {
    const own = realm.users?.find(({ username }) => username === model.username)
    return own ? problemsOf(realm, own, model) : [missing(realm, model)]
  })
  const names = realm.users?.map(({ username }) => username) ?? []
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
  return [
    ...problems,
    ...twice.map((name) => ({
      place: 'users',
      what: `${name} is there twice`,
      remedy: 'take one of them out',
    })),
  ]
}

function missing(realm: RawRealm, model: RawUser): RealmProblem {
  const fix = () => {
    realm.users = [...(realm.users ?? []), structuredClone(model)]
    for (const name of model.realmRoles ?? []) addRole(realm, name)
  }
  const what = `no user ${model.username}, whom prompts and data name`
  return { place: 'users', what, remedy: 'add the user, or rename one', fix }
}

function problemsOf(realm: RawRealm, own: RawUser, model: RawUser): RealmProblem[] {
  const place = placeOfUser(realm, own)
  const problems: RealmProblem[] = []
  const find = (at: string, what: string, remedy: string, fix: () => void) =>
    problems.push({ place: `${place}.${at}`, what, remedy, fix })

  if (own.enabled !== true) {
    find('enabled', 'must be true, or the user cannot sign in', 'set it so', () => {
      own.enabled = true
    })
  }
  if (passwordOf(own) === undefined) {
    const isHashed = own.credentials?.some(({ type }) => type === 'password')
    const what = isHashed ? 'the password is a hash, which nobody can sign in with' : 'there is no password'
    find('credentials', what, 'write { "type": "password", "value": "…" } with a demo password', () => {
      own.credentials = [{ type: 'password', value: own.username }]
    })
  }
  if (rolesOf(realm, own).length === 0) {
    find('realmRoles', `none of the roles ${roles.join(', ')}, by itself or by a group`, 'give one', () => {
      own.realmRoles = [...(own.realmRoles ?? []), ...(model.realmRoles ?? [])]
      for (const name of model.realmRoles ?? []) addRole(realm, name)
    })
  }
  for (const [name, value] of Object.entries(model.attributes ?? {})) {
    if (attributeOf(own, name)) continue
    find(
      `attributes.${name}`,
      'missing, and the policy decides on it',
      `write ${JSON.stringify(value)}`,
      () => {
        own.attributes = { ...own.attributes, [name]: value }
      },
    )
  }
  const manager = attributeOf(own, 'reports_to')
  if (manager && !realm.users?.some(({ username }) => username === manager)) {
    find('attributes.reports_to', `there is no user ${manager}`, 'name a user of the realm', () => {
      own.attributes = { ...own.attributes, reports_to: model.attributes?.reports_to ?? 'bob' }
    })
  }
  return problems
}

function addRole(realm: RawRealm, name: string): void {
  realm.roles ??= {}
  realm.roles.realm ??= []
  if (!realm.roles.realm.some((role) => role.name === name)) realm.roles.realm.push({ name })
}

/** The password, where the file has it and not its hash. */
export function passwordOf({ credentials = [] }: RawUser): string | undefined {
  return credentials.find(({ type, value }) => type === 'password' && value)?.value
}

/** The first value of a user's attribute. */
export function attributeOf({ attributes = {} }: RawUser, name: string): string | undefined {
  const value = attributes[name]
  return (typeof value === 'string' ? value : value?.[0]) || undefined
}

/** The lab's roles that a user has: by itself, by a group or by a composite role. */
export function rolesOf(realm: RawRealm, { realmRoles = [], groups = [] }: RawUser): Role[] {
  const composites = new Map(realm.roles?.realm?.map((role) => [role.name, role.composites?.realm ?? []]))
  const held = new Set<string>()
  const add = (name: string) => {
    if (held.has(name)) return
    held.add(name)
    composites.get(name)?.forEach(add)
  }
  for (const name of [...realmRoles, ...groups.flatMap((path) => rolesOfGroup(realm.groups ?? [], path))])
    add(name)
  return roles.filter((role) => held.has(role))
}

/** The roles of a group and of those above it: `/company/engineering`. */
function rolesOfGroup(groups: NonNullable<RawRealm['groups']>, path: string): string[] {
  let here = groups
  return path
    .split('/')
    .filter(Boolean)
    .flatMap((name) => {
      const group = here.find((each) => each.name === name)
      here = group?.subGroups ?? []
      return group?.realmRoles ?? []
    })
}
