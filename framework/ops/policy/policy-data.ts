import { type Scope, scopes } from '@lab/contract'
import type { ClientScope, Realm, RealmClient } from '../../scenario/realm/index.ts'

/** The content of `opa/data.json`: who reports to whom, which agents were given the delegation, and what others have. */
export interface PolicyData {
  readonly users: Readonly<Record<string, { readonly department: string; readonly manager?: string }>>
  readonly delegates: readonly string[]
  /** The actions that an agent was given for itself, by its client id. */
  readonly agents: Readonly<Record<string, readonly Scope[]>>
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
    agents: Object.fromEntries(
      realm.clients
        .filter(({ serviceAccount, workload }) => serviceAccount || workload)
        .map(({ clientId, optionalScopes }) => [clientId, actionsIn(optionalScopes)]),
    ),
  }
}

function actionsIn(held: readonly ClientScope[]): Scope[] {
  return scopes.filter((action) => held.some(({ name }) => name === action))
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
