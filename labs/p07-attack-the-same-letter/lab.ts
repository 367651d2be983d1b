import { type AttackLab, actedAs, reached } from '@lab/framework/learn'

export const lab = {
  kind: 'attack',
  rung: 'p07',
  title: 'The same letter once more',
  minutes: 8,
  goal: 'dave is an admin, and the records say that alice did it',
  has: ['send', 'captured'],
  captures: { user: 'alice', prompt: 'Make Bob read-only.' },
  reached: (effect) => reached('user:dave', effect) && actedAs('alice', effect),
  wrong: { 'another-door': 'refused it with 401', 'nothing-shown': 'refused it with 401' },
} satisfies AttackLab
