import { type AttackLab, namesNobody, reached } from '@lab/framework/learn'

export const lab = {
  kind: 'attack',
  rung: 'p02',
  title: 'Nobody did it',
  minutes: 4,
  goal: 'dave is an admin, and no record names who did it',
  has: ['ask'],
  chatsAs: 'dave',
  reached: (effect) => reached('user:dave', effect) && namesNobody(effect),
  wrong: { 'by-the-way': 'that is not the goal yet', 'for-a-friend': 'something changed, and not that' },
} satisfies AttackLab
