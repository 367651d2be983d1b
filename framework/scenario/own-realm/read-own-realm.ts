import { readFileSync } from 'node:fs'
import { visible } from '@lab/contract'
import type * as z from 'zod'
import { shortPath } from '../../process/short-path.ts'
import { Problems, UserError } from '../../process/user-error.ts'
import { expandRealm } from '../realm/expand-realm.ts'
import { defaultRealmFile, parseJsonFile, placeOf } from '../realm/read-realm.ts'
import type { Realm } from '../realm/realm.ts'
import { realmFile } from '../realm/realm-file.ts'
import { type Draft, draftOf } from './draft.ts'
import { clientProblems, type RealmUse } from './needed-clients.ts'
import { userProblems } from './needed-users.ts'
import { type RawRealm, type RealmProblem, rawRealm } from './raw-realm.ts'

/** A realm of somebody else's, and what was made of its file. */
export interface OwnRealm {
  readonly realm: Realm
  /** The users whose ids were made up: a Keycloak that imports the file gives them others. */
  readonly madeIds: readonly string[]
  /** The notes for a person, one line each: what was made up, and what of the file is not used. */
  readonly notes: readonly string[]
}

/**
 * Reads a Keycloak export of any kind as the realm of the scenario.
 * @param uses what the stack is for, beside running the agent
 * @throws {UserError} with all problems at once, one a line, each with its place and its remedy
 */
export function readOwnRealm(file: string, uses: readonly RealmUse[] = []): OwnRealm {
  const { problems, realm, draft } = examine(parsedRealm(file), uses)
  if (problems.length > 0 || !realm || !draft) throw refusal(file, problems)
  const name = nameOf(file)
  return {
    realm,
    madeIds: draft.madeIds,
    notes: [
      ...draft.made.map((what) => `${name}: made ${what}`),
      ...draft.unused.map((what) => `${name}: not used: ${what}`),
    ].map(visible),
  }
}

/** A user of a Keycloak export, as tokens name them. */
export interface ExportedUser {
  readonly username: string
  /** The value of `sub` in Keycloak; a file can leave it out. */
  readonly id: string | undefined
  readonly roles: readonly string[]
}

/**
 * Reads the users of a Keycloak export of any kind, whatever else is in it.
 * @throws {UserError} for a file that is no realm export
 */
export function usersIn(file: string): ExportedUser[] {
  const { users = [] } = parsedRealm(file)
  return users.map(({ username, id, realmRoles = [] }) => ({ username, id, roles: realmRoles }))
}

/** So many rounds of additions at most: two are enough for the exports that were tried. */
const longest = 5

/**
 * Completes a Keycloak export by what the scenario needs.
 * @returns the export as JSON, and what was changed in it, one phrase each
 * @throws {UserError} for a file that is no realm, and for problems that only its owner can solve
 */
export function completedRealm(file: string, uses: readonly RealmUse[]) {
  const json = parsedRealm(file)
  const changes: string[] = []
  // A part that is added can be incomplete where it meets what is there, such as a scope of the same name.
  for (let round = 0; round < longest; round++) {
    const fixable = examine(json, uses).problems.filter(({ fix }) => fix)
    if (fixable.length === 0) break
    for (const { place, what, fix } of fixable) {
      fix?.()
      changes.push(`${place}: ${what}`)
    }
  }
  const { problems, draft } = examine(json, uses)
  if (problems.length > 0) throw refusal(file, problems)
  const ids = (draft?.file.users ?? []) as readonly { readonly id: string; readonly username: string }[]
  for (const user of json.users ?? [])
    user.id = ids.find(({ username }) => username === user.username)?.id ?? user.id
  return { json, changes }
}

/** The export as JSON. @throws {UserError} for a file that is no realm export */
function parsedRealm(file: string): RawRealm {
  const json = withoutNulls(
    parseJsonFile(file, (what) => {
      throw new UserError(`realm file ${nameOf(file)}: ${what}: name a JSON export of a Keycloak realm`)
    }),
  )
  if (Array.isArray(json)) {
    throw new UserError(
      `realm file ${nameOf(file)}: a list of ${json.length} realms: export one alone, or take it out of the list`,
    )
  }
  const { error } = rawRealm.safeParse(json)
  if (error) throw refusal(file, issuesOf(error, undefined))
  return json as RawRealm
}

function examine(json: RawRealm, uses: readonly RealmUse[]) {
  const lab = JSON.parse(readFileSync(defaultRealmFile, 'utf8')) as RawRealm
  const needed = once([...userProblems(json, lab), ...clientProblems(json, lab, uses)])
  const draft = draftOf(json, uses)
  const { data, error } = realmFile.safeParse(draft.file)
  const problems = [
    ...needed,
    // What is missing altogether is said once.
    ...issuesOf(error, draft).filter(({ place }) => !needed.some((each) => overlap(place, each.place))),
  ]
  if (!data || problems.length > 0) return { problems, draft }
  const left: RealmProblem[] = []
  const realm = expandRealm(data, (what) => left.push({ place: 'realm', what, remedy: 'correct it' }))
  return { problems: left, draft, realm }
}

/** A scope that two clients have is looked at twice. */
function once(problems: readonly RealmProblem[]): RealmProblem[] {
  return [...new Map(problems.map((each) => [`${each.place}: ${each.what}`, each])).values()]
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

/** The schema's findings at their places in the export. A value is never repeated: it could be a secret. */
function issuesOf(error: z.ZodError | undefined, draft: Draft | undefined): RealmProblem[] {
  return (error?.issues ?? []).map(({ path, message }) => {
    const [list, index, ...rest] = path
    const element = draft?.places[list as keyof Draft['places']]?.[Number(index)]
    const place = element === undefined ? placeOf(path) : [element, placeOf(rest)].join('.')
    return { place, what: message, remedy: 'correct it, as keycloak/agent-auth-realm.json has it' }
  })
}

function refusal(file: string, problems: readonly RealmProblem[]): Problems {
  const name = shortPath(file)
  const canAdd = problems.some(({ fix }) => fix)
  return new Problems(
    `realm file ${name}`,
    problems.map(({ place, what, remedy }) => `${place}: ${what}: ${remedy}`),
    canAdd
      ? `pnpm run new --realm ./ready.json --from ${name} writes a copy with what is missing`
      : undefined,
  )
}

function nameOf(file: string): string {
  return visible(shortPath(file))
}

/** Keycloak's tools write `null` for what is not set. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, withoutNulls(each)]])),
  )
}
