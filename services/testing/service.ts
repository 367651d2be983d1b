import {
  type Audit,
  type AuditRecord,
  AuthError,
  type GetIdentity,
  type Identity,
  type Pdp,
  ReplayCache,
  type Service,
  type ServiceName,
} from '@lab/contract'
import { createService, type Database, type DirectoryUser, openDatabase } from '../index.ts'
import type { ServiceDeps } from '../shared/service-deps.ts'

export const users: readonly DirectoryUser[] = [
  { sub: 'sub-of-alice', name: 'alice', roles: ['admin'], department: 'engineering', manager: 'bob' },
  { sub: 'sub-of-bob', name: 'bob', roles: ['user'], department: 'engineering' },
  { sub: 'sub-of-dave', name: 'dave', roles: ['read-only'], department: 'platform' },
]

/** Some user of the directory, whose roles decide. */
export function byRoles(name: string): Identity {
  const roles = users.find((user) => user.name === name)?.roles ?? []
  return { method: 'string_id', policy: 'roles', userId: name, roles }
}

/** A caller whom OPA is to decide on. */
export function byOpa(name: string, scopes: readonly string[]): Identity {
  return { ...byRoles(name), method: 'scoped_jwt', policy: 'opa/scope', client: 'mcp-server', scopes }
}

export const noPdp: Pdp = {
  decide: () => Promise.reject(new AuthError('pdp_unavailable', 'the policy does not answer')),
}

export interface TestService {
  readonly records: AuditRecord[]
  readonly errors: unknown[]
  /** The identity that the service gave each caller. */
  readonly seen: Parameters<NonNullable<ServiceDeps['onIdentity']>>[0][]
  readonly database: Database
  send(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: unknown }>
}

/** A service in this process whose callers are whom the test says they are. */
export function startService(
  name: ServiceName,
  caller: Identity | GetIdentity,
  options: { readonly pdp?: Pdp; readonly docsOrigin?: string; readonly audit?: Audit } = {},
): TestService {
  const records: AuditRecord[] = []
  const errors: unknown[] = []
  const seen: TestService['seen'] = []
  const database = openDatabase(users)
  const service: Service = {
    name,
    audience: name,
    baseUrl: `http://${name}.test`,
    issuer: 'http://idp.test',
    jwks: () => Promise.reject(new Error('no keys here')),
    userOf: (subject) => users.find(({ sub }) => sub === subject)?.name,
    rolesOf: database.rolesOf,
    apiKeys: [],
    replay: new ReplayCache(),
    now: () => Date.parse('2026-11-20T10:00:00Z'),
  }
  const parts: ServiceDeps = {
    service,
    getIdentity: typeof caller === 'function' ? caller : async () => caller,
    pdp: options.pdp ?? noPdp,
    audit: options.audit ?? ((record) => records.push(record)),
    pattern: 'p00',
    onIdentity: (each) => seen.push(each),
    onError: (error) => errors.push(error),
    ...(options.docsOrigin && { docsOrigin: options.docsOrigin }),
  }
  const { fetch } = createService(name, parts, database)
  return {
    records,
    errors,
    seen,
    database,
    async send(path, init) {
      const response = await fetch(new Request(`http://${name}.test${path}`, init))
      const { status, headers } = response
      // A preflight's answer has no body.
      return { status, headers, body: status === 204 ? undefined : await response.json() }
    },
  }
}

export function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
