import { type AttackLab, reached } from '@lab/framework/learn'

export const lab = {
  kind: 'attack',
  rung: 'p01',
  title: 'An open door',
  minutes: 5,
  goal: 'dave is an admin',
  has: ['send'],
  reached: (effect) => reached('user:dave', effect),
  wrong: { 'only-looking': 'that is not the goal yet', 'somebody-else': 'something changed, and not that' },
} satisfies AttackLab
