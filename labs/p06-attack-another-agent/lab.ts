import { type AttackLab, actedAs, servedRow } from '@lab/framework/learn'

export const lab = {
  kind: 'attack',
  rung: 'p06',
  title: 'Another agent',
  minutes: 15,
  goal: "alice's expenses are read through your own client, and the records name alice",
  has: ['client', 'fetch', 'send'],
  reached: (effect) => servedRow('expense:101', effect) && actedAs('alice', effect),
  wrong: { 'without-exchange': 'refused it with 401', 'for-documents': 'refused it with 401' },
} satisfies AttackLab
