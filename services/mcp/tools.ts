import { z } from '@hono/zod-openapi'
import type { ToolName } from '@lab/contract'
import { RoleName } from '../directory/schema.ts'
import { Query } from '../documents/schema.ts'
import { ExpenseId, NewExpense } from '../expenses/schema.ts'
import { UserName } from '../shared/user-name.ts'

/** The one request to a tool's service that a tool call becomes. */
export interface ServiceRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** With its query, relative to the service's base URL. */
  readonly path: string
  readonly body?: unknown
}

export interface ToolDefinition {
  readonly description: string
  readonly readOnly: boolean
  readonly input: z.ZodObject
  /** @param args what `input` has accepted */
  request(args: Readonly<Record<string, unknown>>): ServiceRequest
}

/** Ties the request to the type of the arguments that the schema accepts. */
function defineTool<Input extends z.ZodObject>(definition: {
  readonly description: string
  readonly readOnly: boolean
  readonly input: Input
  readonly request: (args: z.output<Input>) => ServiceRequest
}): ToolDefinition {
  return { ...definition, request: (args) => definition.request(args as z.output<Input>) }
}

/** The five tools, in the same words for every pattern and every user. */
export const toolDefinitions: Readonly<Record<ToolName, ToolDefinition>> = {
  list_expenses: defineTool({
    description: "List a user's expenses. Without an owner: the caller's own.",
    readOnly: true,
    input: z.strictObject({ owner: UserName.optional() }),
    request: ({ owner }) => ({
      method: 'GET',
      path: owner ? `/expenses?${new URLSearchParams({ owner })}` : '/expenses',
    }),
  }),
  submit_expense: defineTool({
    description: "Submit an expense as the caller's own. It then waits for approval.",
    readOnly: false,
    input: NewExpense,
    request: (expense) => ({ method: 'POST', path: '/expenses', body: expense }),
  }),
  approve_expense: defineTool({
    description: 'Approve a pending expense by its number.',
    readOnly: false,
    input: z.strictObject({ id: ExpenseId }),
    request: ({ id }) => ({ method: 'POST', path: `/expenses/${id}/approve` }),
  }),
  search_documents: defineTool({
    description: 'Search the documents for words in title and text.',
    readOnly: true,
    input: z.strictObject({ query: Query }),
    request: ({ query }) => ({ method: 'GET', path: `/documents?${new URLSearchParams({ query })}` }),
  }),
  set_user_role: defineTool({
    description: "Set a user's role. It replaces the roles that the user has.",
    readOnly: false,
    input: z.strictObject({ user: UserName, role: RoleName }),
    request: ({ user, role }) => ({ method: 'PUT', path: `/users/${user}/role`, body: { role } }),
  }),
}

/** The characters that a header may hold: a key with a line break would otherwise write further headers. */
export const ApiKeyArgument = z
  .string()
  .max(256)
  .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII')
  .describe("The user's API key")
