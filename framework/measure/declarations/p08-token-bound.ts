import { groundTruth } from '../../scenario/outcomes.ts'
import type { Declaration } from './declaration.ts'

export const declaration = {
  title: 'Token-bound tool credentials',
  row: {
    authzLives: 'IdP + OPA',
    realUser: 'yes (bound JWT)',
    cryptoProof: 'yes',
    leastPrivilege: 'yes',
    audit: 'yes',
    saysYes: 'nobody',
    answers: 4,
  },
  cells: groundTruth,
  decidedBy: 'opa',
  challenge: 'DPoP',
  signIn: true,
  seesOfAlice: {
    method: 'bound_jwt',
    policy: 'opa/relationships',
    userId: 'alice',
    actors: ['mcp-server'],
    scopes: ['expenses:read'],
  },
  ignorantOf: [],
  attacks: {
    succeed: [
      'injection-within-authority',
      'front-hop-replay',
      'proof-preplay',
      'client-and-session-theft',
      'dpop-changed-query',
      'dpop-changed-body',
      'evil-mcp-server',
      'kept-token-after-logout',
      'secret-theft',
      'approval-skipped',
    ],
    notApplicable: [
      'guessed-key',
      'unsigned-component',
      'approval-replay',
      'approval-for-another-action',
      'approval-by-argument',
      'approval-fatigue',
      'approval-flood',
    ],
  },
  otherReasonOnKeycloak: [
    'after-logout',
    'exchange-by-outsider',
    'rogue-delegation',
    'disabled-agent-other-grant',
  ],
} satisfies Declaration
