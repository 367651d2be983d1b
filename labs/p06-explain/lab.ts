import type { ExplainLab } from '@lab/framework/learn'

export const lab = {
  kind: 'explain',
  rung: 'p06',
  title: 'One letter, one door',
  minutes: 5,
  questions: [
    {
      ask: 'OPA decides now. Alice, an admin, asks to approve expense 103, her own. What comes of it?',
      cell: 'alice 5',
      on: 'p06',
    },
    {
      ask: 'A token is good for one service and one scope. Somebody captures it, and sends the same request once more. Does that succeed (bearer-replay)?',
      attack: 'bearer-replay',
      on: 'p06',
    },
    {
      ask: 'Which is the first rung on which nobody approves their own expense?',
      firstToBlock: 'conflict-of-interest',
    },
  ],
} satisfies ExplainLab
