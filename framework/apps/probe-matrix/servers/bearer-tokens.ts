import { proofFlaws } from '../../../attacks/attacker/forging/proof-flaws.ts'
import { asksNobody } from '../../probe/checks/keys.ts'
import { noCanary } from '../../probe/checks/passing-on.ts'
import { unbound } from '../../probe/checks/proof.ts'
import { noAcr } from '../../probe/checks/scopes.ts'

/** The checks that do not apply where no call needs a stronger sign-in, and tokens are verified without asking. */
export const plain = {
  'missing-step-up': noAcr,
  'step-up-challenge': noAcr,
  'revoked-token': asksNobody,
} as const

/** The checks that do not apply to a server of bearer tokens with no API behind it. */
export const bearerTokens: Readonly<Record<string, string>> = {
  ...Object.fromEntries(proofFlaws.map(({ id }) => [id, unbound])),
  'token-passed-on': noCanary,
  ...plain,
}
