import { groundTruth } from '../../scenario/outcomes.ts'
import type { Declaration } from './declaration.ts'

export const declaration = {
  title: 'Approved action',
  base: 'p08',
  row: {
    authzLives: 'IdP + service + OPA',
    realUser: 'yes (bound JWT)',
    cryptoProof: 'yes',
    leastPrivilege: 'yes',
    audit: 'yes',
    saysYes: 'the user',
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
      'front-hop-replay',
      'proof-preplay',
      'client-and-session-theft',
      'dpop-changed-query',
      'dpop-changed-body',
      'evil-mcp-server',
      'kept-token-after-logout',
      'secret-theft',
      'approval-fatigue',
    ],
    notApplicable: ['guessed-key', 'unsigned-component'],
  },
  otherReasonOnKeycloak: [
    'after-logout',
    'exchange-by-outsider',
    'rogue-delegation',
    'disabled-agent-other-grant',
  ],
} satisfies Declaration
