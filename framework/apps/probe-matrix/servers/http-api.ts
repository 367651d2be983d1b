/** The checks that apply to MCP servers alone. */
export const httpApi: Readonly<Record<string, string>> = {
  'resource-metadata': 'only MCP demands it; for an HTTP API it is an option',
  'session-as-credential': 'an HTTP API has no MCP session',
  'session-of-another': 'an HTTP API has no MCP session',
  'foreign-origin': 'an HTTP API with tokens in a header needs no such check',
  'foreign-host': 'an HTTP API with tokens in a header needs no such check',
  'large-body': 'the harmless call has no body that could be filled',
  'malformed-message': 'the target is no JSON-RPC server',
}
