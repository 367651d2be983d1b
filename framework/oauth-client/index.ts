export type { ClientRegistration } from './credential-store.ts'
export { type LoopbackCallback, openLoopbackCallback } from './loopback-callback.ts'
export { type AskPerson, McpAuthorization } from './mcp-authorization.ts'
