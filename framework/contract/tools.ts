/** The catalogue: five tools on three services. Each service is an OAuth audience of its own. */

export const serviceNames = ['expenses', 'documents', 'directory'] as const
export type ServiceName = (typeof serviceNames)[number]

export const scopes = [
  'expenses:read',
  'expenses:write',
  'expenses:approve',
  'documents:read',
  'users:manage',
] as const
/** A tool scope; it is also the name of the action that `authorize` and the policy decide on. */
export type Scope = (typeof scopes)[number]

export interface Tool {
  readonly service: ServiceName
  readonly scope: Scope
  readonly capability: 'read data' | 'write data' | 'manage users'
  /** Its effect is hard to take back: the person is to be asked before. Default: no. */
  readonly sensitive?: true
}

export const tools = {
  list_expenses: { service: 'expenses', scope: 'expenses:read', capability: 'read data' },
  submit_expense: { service: 'expenses', scope: 'expenses:write', capability: 'write data' },
  approve_expense: {
    service: 'expenses',
    scope: 'expenses:approve',
    capability: 'write data',
    sensitive: true,
  },
  search_documents: { service: 'documents', scope: 'documents:read', capability: 'read data' },
  set_user_role: { service: 'directory', scope: 'users:manage', capability: 'manage users', sensitive: true },
} as const satisfies Record<string, Tool>
export type ToolName = keyof typeof tools

/** True for a tool whose every call a person is to approve. A pattern decides whether it asks. */
export function isSensitive(tool: ToolName): boolean {
  return (tools[tool] satisfies Tool as Tool).sensitive === true
}

export const roles = ['admin', 'user', 'read-only'] as const
export type Role = (typeof roles)[number]
