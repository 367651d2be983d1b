import type { Attack } from './attack.ts'
import { anonymousCall } from './signature/anonymous-call.ts'
import { bearerReplay } from './signature/bearer-replay.ts'
import { conflictOfInterest } from './signature/conflict-of-interest.ts'
import { credentialInContext } from './signature/credential-in-context.ts'
import { crossServiceReplay } from './signature/cross-service-replay.ts'
import { injectionWithinAuthority } from './signature/injection-within-authority.ts'
import { roleEscalation } from './signature/role-escalation.ts'
import { scopeOverreach } from './signature/scope-overreach.ts'
import { staleReplay } from './signature/stale-replay.ts'
import { unattributedAgent } from './signature/unattributed-agent.ts'

/** What each pattern still allows and the next one stops, in the order of the ladder. */
export const signatureAttacks: readonly Attack[] = [
  anonymousCall,
  roleEscalation,
  credentialInContext,
  staleReplay,
  crossServiceReplay,
  scopeOverreach,
  conflictOfInterest,
  unattributedAgent,
  bearerReplay,
  injectionWithinAuthority,
]

export const attacks: readonly Attack[] = [...signatureAttacks]
