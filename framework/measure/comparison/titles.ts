/** The eight as the tables call them; a pattern of one's own goes by its folder. */
const titles: Readonly<Record<string, string>> = {
  'p01-no-auth': 'No auth',
  'p02-shared-api-key': 'Shared API key',
  'p03-api-key-in-prompt': 'User API key in prompt',
  'p04-api-key-tool-arg': 'User API key via tool arg',
  'p05-token-forwarding': 'OAuth token forwarding',
  'p06-scoped-token-opa': 'Scoped token + OPA',
  'p07-on-behalf-of': 'On-behalf-of flow',
  'p08-token-bound': 'Token-bound tool credentials',
}

export function titleOf(pattern: string): string {
  return titles[pattern] ?? pattern
}

/** `06`, or nothing for a pattern of one's own. */
export function numberOf(pattern: string): string {
  return /^p(\d\d)-/.exec(pattern)?.[1] ?? ''
}

/** `p06`, or the folder's name: what heads a narrow column. */
export function shortNameOf(pattern: string): string {
  return numberOf(pattern) ? `p${numberOf(pattern)}` : pattern
}
