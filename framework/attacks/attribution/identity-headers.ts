/** The headers in which gateways and frameworks pass on who the user is. */
const userHeaders = [
  ...['x-user-id', 'x-user', 'x-username', 'x-user-name', 'x-user-sub', 'x-user-email', 'x-employee'],
  ...[
    'x-forwarded-user',
    'x-forwarded-email',
    'x-forwarded-preferred-username',
    'x-remote-user',
    'remote-user',
  ],
  ...['x-auth-request-user', 'x-auth-user', 'x-authenticated-user', 'x-authenticated-userid', 'x-subject'],
  ...['x-goog-iap-jwt-assertion', 'x-goog-authenticated-user-email', 'x-ms-client-principal-name'],
  ...['x-amzn-oidc-identity', 'x-webauth-user', 'x-on-behalf-of', 'x-act-as', 'x-impersonate-user'],
  ...['impersonate-user', 'x-principal', 'x-actor', 'x-identity', 'x-consumer-username', 'from'],
]

/** The headers in which they pass on what the user may do. */
const roleHeaders = [
  ...['x-role', 'x-roles', 'x-user-role', 'x-user-roles', 'x-auth-role', 'x-auth-roles', 'role', 'roles'],
  ...['x-forwarded-role', 'x-forwarded-roles', 'x-forwarded-groups', 'x-auth-request-groups', 'x-groups'],
  ...[
    'x-remote-groups',
    'remote-groups',
    'x-user-groups',
    'impersonate-group',
    'x-permissions',
    'x-authorities',
  ],
]

/** The person to be taken for. */
interface Person {
  readonly name: string
  readonly sub: string
  readonly role: string
}

/**
 * Sets of headers that say "alice", or "admin", in each way.
 * @param others names that a service is known to ask for: what it wants in them is to be guessed
 * @param words the words that its code compares with: one of them may be its own name for a role
 */
export function spoofedHeaders(
  person: Person,
  others: readonly string[],
  words: readonly string[],
): Record<string, string>[] {
  const { name, sub, role } = person
  const all = (names: readonly string[], value: string) =>
    Object.fromEntries(names.map((each) => [each, value]))
  const guesses = others.length > 0 ? [...flags, ...documentsOf(person), ...words] : []
  return [
    { ...all(userHeaders, name), ...all(roleHeaders, role), ...all(others, name) },
    { ...all(userHeaders, sub), ...all(others, sub) },
    { ...all(roleHeaders, role), ...all(others, role) },
    ...guesses.map((guess) => all(others, guess)),
  ]
}

/** The values of a header that only tells whether somebody may. */
const flags = ['true', '1']

/** All that can be said of somebody in one header, as JSON and in base64: as gateways of clouds do. */
function documentsOf({ name, sub, role }: Person): string[] {
  const user = { sub, oid: sub, user: name, userId: name, username: name, name, email: name }
  const document = JSON.stringify({ ...user, role, roles: [role], groups: [role] })
  return [document, Buffer.from(document).toString('base64')]
}
