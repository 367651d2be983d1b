import type { Realm, RealmClient } from '../../scenario/realm/index.ts'

/** The content of `opa/data.json`: who reports to whom, and which agents were given the delegation. */
export interface PolicyData {
  readonly users: Readonly<Record<string, { readonly department: string; readonly manager?: string }>>
  readonly delegates: readonly string[]
}

/** The facts that the policies need. Roles are none of them: they come with the token. */
export function policyData(realm: Realm): PolicyData {
  return {
    users: Object.fromEntries(
      realm.users.map(({ username, department, manager }) => [
        username,
        { department, ...(manager && { manager }) },
      ]),
    ),
    delegates: realm.clients.filter(isDelegate).map(({ clientId }) => clientId),
  }
}

/** A client that may ask for a scope whose hardcoded claim `act` (RFC 8693 section 4.1) names that client itself. */
function isDelegate(client: RealmClient): boolean {
  return [...client.defaultScopes, ...client.optionalScopes]
    .flatMap(({ mappers }) => mappers)
    .some(
      (mapper) =>
        mapper.protocolMapper === 'oidc-hardcoded-claim-mapper' &&
        mapper.config['claim.name'] === 'act' &&
        subjectOf(mapper.config['claim.value']) === client.clientId,
    )
}

function subjectOf(act: unknown): unknown {
  return act && typeof act === 'object' && 'sub' in act ? act.sub : undefined
}
