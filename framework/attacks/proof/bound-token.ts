import type { Exchange } from '../../trace/recorder/hop.ts'
import type { Attacker } from '../attacker/attacker.ts'
import { askedIn, proofIn, tokenExchange, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import type { BoundCall } from '../attacker/forging/proof-flaws.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { presentLike } from '../attacker/present.ts'

/** A bound token, as it was taken for a captured call. */
export interface BoundToken extends BoundCall {
  readonly call: Exchange
}

/**
 * Gets hold of a bound token and its key, so that a proof can be made wrong in one thing and right in all others.
 * That takes the MCP server's stolen secret, which is an attack in itself (client-and-session-theft); here it stands
 * for any way of having the right key sign the wrong thing.
 * @returns undefined where nobody asks for proofs
 */
export async function boundToken(
  attacker: Attacker,
  prompt = 'What are my expenses?',
): Promise<BoundToken | undefined> {
  const { call, exchanges } = await attacker.captureCall('alice', prompt)
  const recorded = tokenExchange(exchanges)
  if (!proofIn(call) || !recorded) return undefined
  const client = attacker.stolenClient()
  const token = await client.exchange({
    subjectToken: frontCredentialOf(toolCall(exchanges))?.bearer ?? '',
    ...askedIn(recorded),
    bound: true,
  })
  if (!token) throw new Error('could not be carried out: the IdP bound no token to the attacker’s key')
  const key = await client.key
  return {
    call,
    token,
    key,
    credentials: (changes) => presentLike(call, token, key, changes),
  }
}

/**
 * Sends the request as it should be: what is then refused with one thing changed is refused for that.
 * @throws where it is not served
 */
export async function control(
  attacker: Attacker,
  credentials: Record<string, string>,
  call: Exchange,
): Promise<void> {
  const effect = await attacker.effectOf(() => attacker.replay(call, { credentials }))
  if (!gotThrough(effect)) throw new Error('could not be carried out: not even a right proof is served')
}
