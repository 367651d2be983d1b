import type { CheckGroup } from '../check.ts'
import { discoveryChecks } from './discovery.ts'
import { keyChecks } from './keys.ts'
import { passingOnChecks } from './passing-on.ts'
import { presentingChecks } from './presenting.ts'
import { boundTokenCheck, proofChecks } from './proof.ts'
import { scopeChecks } from './scopes.ts'
import { claimChecks, forgeryChecks } from './token-validation.ts'
import { transportChecks } from './transport.ts'
import { twoUserChecks } from './two-users.ts'

/** In the order in which they run: what may leave traces in the server comes last. */
export const checkGroups: readonly CheckGroup[] = [
  { title: 'Discovery and challenge', checks: discoveryChecks },
  { title: 'Presenting a token', checks: presentingChecks },
  { title: 'Forged tokens', checks: forgeryChecks },
  { title: 'Wrong tokens of the right issuer', checks: claimChecks },
  { title: 'Proof of possession', checks: [...proofChecks, boundTokenCheck] },
  { title: 'Scopes', checks: scopeChecks },
  { title: 'Sessions and two users', checks: twoUserChecks },
  { title: 'Passing on', checks: passingOnChecks },
  { title: 'Transport', checks: transportChecks },
  { title: 'Keys and outage', checks: keyChecks },
]
