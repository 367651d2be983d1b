/** The questions of `choose`, each with its answers. */
export const callers = {
  user: 'a person is there, and one agent works for them',
  unattended: 'jobs go on after the person has left',
  agents: 'several agents work for one person',
} as const
export const effects = {
  read: 'it reads',
  write: 'it changes things that can be put right',
  irreversible: 'it does things that cannot be taken back: payments, rights, deletions',
} as const
export const latencies = {
  any: 'a request to the IdP in each tool call is fine',
  low: 'no request to the IdP in a tool call',
} as const

export interface Situation {
  readonly caller: keyof typeof callers
  readonly effect: keyof typeof effects
  readonly latency: keyof typeof latencies
}

/** Attacks that matter for one reason, and to whom. */
interface Concern {
  readonly title: string
  readonly attacks: readonly string[]
  readonly matters: (situation: Situation) => boolean
}

const always = () => true
const changes = ({ effect }: Situation) => effect !== 'read'
const irreversible = ({ effect }: Situation) => effect === 'irreversible'

/** Every attack that succeeds on some pattern, under one concern each: a test says so. */
export const concerns: readonly Concern[] = [
  {
    title: 'who the user is',
    attacks: [
      'anonymous-call',
      'anonymous-tool-call',
      'role-escalation',
      'credential-in-context',
      'stale-replay',
      'verifier-forgery',
      'key-swap',
      'rogue-at-mcp-server',
      'agent-as-user',
    ],
    matters: always,
  },
  {
    title: 'a credential for one service opens no other',
    attacks: ['cross-service-replay', 'past-the-mcp-server', 'receiver-replay'],
    matters: always,
  },
  {
    title: 'a credential for one action allows no other',
    attacks: ['scope-overreach', 'exchange-scope-widening', 'conflict-of-interest'],
    matters: changes,
  },
  {
    title: 'which agent it was',
    attacks: ['unattributed-agent', 'delegation-laundering'],
    matters: (situation) => situation.caller === 'agents' || irreversible(situation),
  },
  {
    title: 'what was taken back stays taken back',
    attacks: [
      'after-logout',
      'role-revoked',
      'suspended-in-mid-run',
      'disabled-agent',
      'kept-token-after-logout',
    ],
    matters: (situation) => situation.caller === 'unattended' || irreversible(situation),
  },
  {
    title: 'a captured request is worthless',
    attacks: [
      'bearer-replay',
      'resource-overreach',
      'expired-within-skew',
      'future-within-skew',
      'proof-preplay',
      'dpop-changed-query',
      'dpop-changed-body',
    ],
    matters: irreversible,
  },
  {
    title: 'the way in, between agent and MCP server',
    attacks: ['front-hop-replay', 'evil-mcp-server', 'client-and-session-theft', 'secret-theft'],
    matters: irreversible,
  },
  {
    title: 'the user meant it',
    attacks: ['injection-within-authority', 'approval-skipped'],
    matters: changes,
  },
]
