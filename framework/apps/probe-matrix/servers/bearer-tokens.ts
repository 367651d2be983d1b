import { proofFlaws } from '../../../attacks/attacker/forging/proof-flaws.ts'
import { noCanary } from '../../probe/checks/passing-on.ts'
import { unbound } from '../../probe/checks/proof.ts'

/** The checks that do not apply to a server of bearer tokens with no API behind it. */
export const bearerTokens: Readonly<Record<string, string>> = {
  ...Object.fromEntries(proofFlaws.map(({ id }) => [id, unbound])),
  'token-passed-on': noCanary,
}
