import { type AttackLab, actedAs, reached } from '@lab/framework/learn'

export const lab = {
  kind: 'attack',
  rung: 'p04',
  title: "Yesterday's log",
  minutes: 8,
  goal: 'expense 103 is approved, and the records say that bob approved it',
  has: ['send'],
  hoursLater: 24,
  reached: (effect) => reached('expense:103', effect) && actedAs('bob', effect),
  wrong: { 'with-daves-key': 'refused it with 403', 'with-alices-key': '(as alice)' },
} satisfies AttackLab
