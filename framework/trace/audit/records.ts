import { type AuditRecord, serviceNames } from '@lab/contract'

/** True for a record of one of the three services; the MCP server and the IdP write records too. */
export function isService({ service }: AuditRecord): boolean {
  return (serviceNames as readonly string[]).includes(service)
}

/** The record that settled a call: the last one that is neither the IdP's nor the MCP server's yes. */
export function decisiveRecord(audit: readonly AuditRecord[]): AuditRecord | undefined {
  return audit.findLast(
    (record) => isService(record) || (record.service === 'mcp-server' && record.decision !== 'allow'),
  )
}
