import * as z from 'zod'

/**
 * The parts of a Keycloak export that are looked at, as exports of any kind have them: everything may be missing. An
 * element that is of no use to the lab passes through unread, so that only shapes are settled here.
 */
const text = z.string()
const words = z.array(text)

const rawMapper = z.looseObject({
  name: text.optional(),
  protocolMapper: text.optional(),
  config: z.record(text, z.unknown()).optional(),
})

const rawScope = z.looseObject({
  name: text.min(1),
  protocol: text.optional(),
  attributes: z.record(text, z.unknown()).optional(),
  protocolMappers: z.array(rawMapper).optional(),
})

const rawClient = z.looseObject({
  clientId: text.min(1),
  enabled: z.boolean().optional(),
  attributes: z.record(text, z.unknown()).optional(),
  redirectUris: words.optional(),
  webOrigins: words.optional(),
  defaultClientScopes: words.optional(),
  optionalClientScopes: words.optional(),
  protocolMappers: z.array(rawMapper).optional(),
})

const rawUser = z.looseObject({
  id: text.optional(),
  username: text.min(1),
  enabled: z.boolean().optional(),
  credentials: z
    .array(z.looseObject({ type: text.optional(), value: text.optional(), secretData: text.optional() }))
    .optional(),
  realmRoles: words.optional(),
  groups: words.optional(),
  // Keycloak before 2.0 wrote one value as a plain string.
  attributes: z.record(text, z.union([text, words])).optional(),
})

const rawRole = z.looseObject({
  name: text.min(1),
  composites: z.looseObject({ realm: words.optional() }).optional(),
})

interface RawGroup {
  readonly name: string
  readonly realmRoles?: string[] | undefined
  readonly subGroups?: RawGroup[] | undefined
}
const rawGroup: z.ZodType<RawGroup> = z.looseObject({
  name: text,
  realmRoles: words.optional(),
  get subGroups() {
    return z.array(rawGroup).optional()
  },
})

export const rawRealm = z.looseObject({
  realm: text.min(1),
  keycloakVersion: text.optional(),
  users: z.array(rawUser).optional(),
  clients: z.array(rawClient).optional(),
  clientScopes: z.array(rawScope).optional(),
  roles: z.looseObject({ realm: z.array(rawRole).optional() }).optional(),
  groups: z.array(rawGroup).optional(),
  attributes: z.record(text, z.unknown()).optional(),
  defaultDefaultClientScopes: words.optional(),
  defaultOptionalClientScopes: words.optional(),
})

export type RawRealm = z.infer<typeof rawRealm>
export type RawClient = z.infer<typeof rawClient>
export type RawScope = z.infer<typeof rawScope>
export type RawMapper = z.infer<typeof rawMapper>
export type RawUser = z.infer<typeof rawUser>

/** Something in a realm file that the lab cannot run on: where, what, and what to write instead. */
export interface RealmProblem {
  /** The place, as people write it: `clients[7] (mcp-server).secret`. */
  readonly place: string
  readonly what: string
  readonly remedy: string
  /** Does in the file what the remedy says; absent where only its owner can. */
  readonly fix?: () => void
}

export function placeOfClient({ clients = [] }: RawRealm, client: RawClient): string {
  return `clients[${clients.indexOf(client)}] (${client.clientId})`
}

export function placeOfUser({ users = [] }: RawRealm, user: RawUser): string {
  return `users[${users.indexOf(user)}] (${user.username})`
}
