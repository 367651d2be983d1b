import type { Exchange } from '../../trace/recorder/hop.ts'
import type { Attacker } from '../attacker/attacker.ts'
import type { AttackerClient, ExchangeRequest } from '../attacker/attacker-client.ts'
import { proofIn } from '../attacker/capture.ts'
import { presentLike } from '../attacker/present.ts'

/** Exchanges a token as a client of the attacker's, and sends a captured request again with what came of it. */
export async function exchangeAndReplay(
  attacker: Attacker,
  client: AttackerClient,
  call: Exchange,
  request: Omit<ExchangeRequest, 'bound'>,
): Promise<void> {
  const token = await client.exchange({ ...request, bound: proofIn(call) !== undefined })
  if (!token) return
  await attacker.replay(call, { credentials: await presentLike(call, token, await client.key) })
}
