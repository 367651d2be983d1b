import type { Exchange } from '../../recorder/recorder.ts'
import type { AttackLab } from '../lab/attack-lab.ts'
import { proofIn } from '../lab/capture.ts'
import type { ExchangeRequest, OAuthClient } from '../lab/oauth-client.ts'
import { presentLike } from '../lab/present.ts'

/** Exchanges a token as a client of the attacker's, and sends a captured request again with what came of it. */
export async function exchangeAndReplay(
  lab: AttackLab,
  client: OAuthClient,
  call: Exchange,
  request: Omit<ExchangeRequest, 'bound'>,
): Promise<void> {
  const token = await client.exchange({ ...request, bound: proofIn(call) !== undefined })
  if (!token) return
  await lab.replay(call, { credentials: await presentLike(call, token, await client.key) })
}
