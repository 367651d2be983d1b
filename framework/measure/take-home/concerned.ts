import type { Attack } from '../../attacks/attacker/attack.ts'
import { attacks } from '../../attacks/index.ts'
import type { Declaration } from '../declarations/declaration.ts'
import { declaredOutcome } from '../declarations/declared-outcome.ts'

/** The attacks that end at the IdP, at the MCP server or at another service: the expenses service has no say in them. */
const endElsewhere: readonly string[] = [
  'role-escalation',
  'cross-service-replay',
  'injection-within-authority',
  'key-swap',
  'anonymous-tool-call',
  'front-hop-replay',
  'receiver-replay',
  'rogue-at-mcp-server',
  'token-for-another-mcp-server',
  'session-handle-theft',
  'evil-mcp-server',
  'resource-overreach',
  'exchange-by-outsider',
  'rogue-delegation',
  'dpop-changed-query',
  'after-logout',
  'role-revoked',
  'suspended-in-mid-run',
  'disabled-agent',
]

/** The attacks in which the expenses service of a pattern decides: all others, where the pattern gives them something to try. */
export function concernedAttacks(declaration: Declaration): Attack[] {
  return attacks.filter(({ id }) => !endElsewhere.includes(id) && declaredOutcome(declaration, id) !== 'n/a')
}
