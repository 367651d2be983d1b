/** The three services, the MCP server in front of them, and what they share. */

export { type Database, openDatabase, type Snapshot } from './data/database.ts'
export type { DirectoryUser } from './directory/rows.ts'
export type { Document } from './documents/rows.ts'
export type { Expense } from './expenses/rows.ts'
export type { McpServerDeps } from './mcp/deps.ts'
export { metadataPath, metadataUrlOf } from './mcp/protected-resource.ts'
export { createMcpServer } from './mcp/server.ts'
export { createService } from './service.ts'
export { type Authorization, authorize } from './shared/authorize.ts'
export { type Listener, listen, serverLimits } from './shared/listen.ts'
export type { RowChange } from './shared/row-changes.ts'
export type { ServiceDeps } from './shared/service-deps.ts'
