import { type AttackLab, actedAs, servedRow } from '@lab/framework/learn'

export const lab = {
  kind: 'attack',
  rung: 'p03',
  title: "The provider's log",
  minutes: 7,
  goal: "alice's expenses are read, and the records say that alice read them",
  has: ['send'],
  reached: (effect) => servedRow('expense:101', effect) && actedAs('alice', effect),
  wrong: { 'her-name': 'refused it with 401', 'as-a-token': 'refused it with 401' },
} satisfies AttackLab
