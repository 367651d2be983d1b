import { agentAsUser } from './agent/agent-as-user.ts'
import { disabledAgentOtherGrant } from './agent/disabled-agent-other-grant.ts'
import { secretTheft } from './agent/secret-theft.ts'
import { approvalByArgument } from './approval/approval-by-argument.ts'
import { approvalFatigue } from './approval/approval-fatigue.ts'
import { approvalFlood } from './approval/approval-flood.ts'
import { approvalForAnotherAction } from './approval/approval-for-another-action.ts'
import { approvalReplay } from './approval/approval-replay.ts'
import { approvalSkipped } from './approval/approval-skipped.ts'
import type { Attack, AttackGroup } from './attacker/attack.ts'
import { auditEvasion } from './attribution/audit-evasion.ts'
import { guessedKey } from './attribution/guessed-key.ts'
import { identityByArgument } from './attribution/identity-by-argument.ts'
import { identityHeaderSpoof } from './attribution/identity-header-spoof.ts'
import { keySwap } from './attribution/key-swap.ts'
import { tokenCacheMixUp } from './attribution/token-cache-mix-up.ts'
import { verifierForgery } from './attribution/verifier-forgery.ts'
import { clientAndSessionTheft } from './exchange/client-and-session-theft.ts'
import { delegationLaundering } from './exchange/delegation-laundering.ts'
import { exchangeByOutsider } from './exchange/exchange-by-outsider.ts'
import { exchangeScopeWidening } from './exchange/exchange-scope-widening.ts'
import { misaddressedToken } from './exchange/misaddressed-token.ts'
import { rogueDelegation } from './exchange/rogue-delegation.ts'
import { forgedTokenAttacks } from './forged/forged-token.ts'
import { idTokenAsAccessToken } from './forged/id-token-as-access-token.ts'
import { anonymousToolCall } from './front-door/anonymous-tool-call.ts'
import { evilMcpServer } from './front-door/evil-mcp-server.ts'
import { frontHopReplay } from './front-door/front-hop-replay.ts'
import { pastTheMcpServer } from './front-door/past-the-mcp-server.ts'
import { receiverReplay } from './front-door/receiver-replay.ts'
import { rogueAtMcpServer } from './front-door/rogue-at-mcp-server.ts'
import { sessionHandleTheft } from './front-door/session-handle-theft.ts'
import { tokenForAnotherMcpServer } from './front-door/token-for-another-mcp-server.ts'
import { tokenLifetimeAttacks } from './lifetime/token-lifetime.ts'
import { keysUnavailable } from './outage/keys-unavailable.ts'
import { changedBody } from './proof/changed-body.ts'
import { changedQuery } from './proof/changed-query.ts'
import { flawedProofAttacks } from './proof/flawed-proof.ts'
import { proofOnAnotherCall } from './proof/proof-on-another-call.ts'
import { unsignedComponent } from './proof/unsigned-component.ts'
import { proofPreplay } from './replay/proof-preplay.ts'
import { resourceOverreach } from './replay/resource-overreach.ts'
import { afterLogout } from './revocation/after-logout.ts'
import { disabledAgent } from './revocation/disabled-agent.ts'
import { keptTokenAfterLogout } from './revocation/kept-token-after-logout.ts'
import { roleRevoked } from './revocation/role-revoked.ts'
import { suspendedInMidRun } from './revocation/suspended-in-mid-run.ts'
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

/** The attacks that each pattern still allows and the next one stops, in the order of the ladder. */
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

export const attackGroups: readonly AttackGroup[] = [
  { title: 'Signature attacks', attacks: signatureAttacks },
  {
    title: 'Who did it',
    attacks: [
      verifierForgery,
      guessedKey,
      keySwap,
      identityHeaderSpoof,
      identityByArgument,
      tokenCacheMixUp,
      auditEvasion,
    ],
  },
  {
    title: 'At the front door, the MCP server',
    attacks: [
      anonymousToolCall,
      frontHopReplay,
      pastTheMcpServer,
      receiverReplay,
      rogueAtMcpServer,
      tokenForAnotherMcpServer,
      sessionHandleTheft,
      evilMcpServer,
    ],
  },
  { title: 'Captured requests', attacks: [proofPreplay, resourceOverreach, ...tokenLifetimeAttacks] },
  { title: 'Forged tokens', attacks: [...forgedTokenAttacks, idTokenAsAccessToken] },
  {
    title: 'At the token exchange',
    attacks: [
      exchangeByOutsider,
      exchangeScopeWidening,
      rogueDelegation,
      delegationLaundering,
      misaddressedToken,
      clientAndSessionTheft,
    ],
  },
  {
    title: 'Proof of possession',
    attacks: [...flawedProofAttacks, proofOnAnotherCall, changedQuery, changedBody, unsignedComponent],
  },
  {
    title: 'Taken back',
    attacks: [afterLogout, keptTokenAfterLogout, roleRevoked, suspendedInMidRun, disabledAgent],
  },
  {
    title: 'The agent without a user',
    attacks: [agentAsUser, secretTheft, disabledAgentOtherGrant],
  },
  {
    title: 'A person’s approval',
    attacks: [
      approvalSkipped,
      approvalReplay,
      approvalForAnotherAction,
      approvalByArgument,
      approvalFatigue,
      approvalFlood,
    ],
  },
  { title: 'A part is down', attacks: [keysUnavailable] },
]

export const attacks: readonly Attack[] = attackGroups.flatMap((group) => group.attacks)
