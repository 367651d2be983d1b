import { randomUUID } from 'node:crypto'
import type { Exchange } from '../../../trace/recorder/hop.ts'
import type { Attacker } from '../attacker.ts'
import { tokenIn } from '../capture.ts'
import type { HostedKeys } from '../hosted-keys.ts'
import { presentLike } from '../present.ts'
import type { Forgery } from './forgeries.ts'
import { templateOf } from './jwt.ts'

/**
 * Forges tokens after the one in a captured request, each saying "alice, admin", and sends the request again with
 * each of them. A token that is bound to a key gets bound to the forger's.
 * @throws where the request carries no token
 */
export async function forgeAndReplay(
  attacker: Attacker,
  captured: Exchange,
  forge: Forgery,
  hosted: HostedKeys,
): Promise<void> {
  const seen = tokenIn(captured)
  if (!seen) throw new Error('the captured request carries no token to forge another one after')
  const template = templateOf(seen)
  const { jwks } = await attacker.verifierMaterial()
  const claims = {
    ...template.claims,
    sub: attacker.accounts.subOf('alice'),
    roles: ['admin'],
    jti: randomUUID(),
    ...(template.claims.cnf !== undefined && { cnf: { jkt: hosted.key.thumbprint } }),
  }
  for (const token of await forge({ template, claims, jwks, hosted })) {
    await attacker.replay(captured, { credentials: await presentLike(captured, token, hosted.key) })
  }
}
