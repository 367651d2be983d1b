export type { ClientRegistration } from './credential-store.ts'
export { type AskPerson, McpAuthorization } from './mcp-authorization.ts'
