import type { Attacker } from './attacker.ts'
import type { AttackerClient } from './attacker-client.ts'
import { askedIn, proofIn, serviceCall, tokenExchange, toolCall } from './capture.ts'
import { frontCredentialOf } from './front-hop.ts'

/**
 * A token for the directory and its sensitive action, of the kind that a call gets which asks nobody: the exchange of an
 * honest call, for another audience and scope.
 * @param client the MCP server's own, stolen: what binds a token is its key
 * @returns undefined where the pattern exchanges no token
 * @throws where the IdP gives none
 */
export async function unaskedToken(
  attacker: Attacker,
  user: string,
  client: AttackerClient,
): Promise<string | undefined> {
  const { exchanges } = await attacker.captureCall(user, 'What are my expenses?')
  const recorded = tokenExchange(exchanges)
  if (!recorded) return undefined
  const { audience, scope } = askedIn(recorded)
  const token = await client.exchange({
    subjectToken: frontCredentialOf(toolCall(exchanges))?.bearer ?? '',
    audience: audience?.replace('expenses', 'directory'),
    scope: scope.map((name) => name.replace('expenses:read', 'users:manage')),
    bound: proofIn(serviceCall(exchanges)) !== undefined,
  })
  if (!token) throw new Error('could not be carried out: the IdP gave no token')
  return token
}
