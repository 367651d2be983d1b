import type { ExplainLab } from '@lab/framework/learn'

export const lab = {
  kind: 'explain',
  rung: 'p07',
  title: 'In whose name',
  minutes: 5,
  questions: [
    {
      ask: "Bob's role is user, and he is alice's manager. He asks: Show me Alice's expenses. What comes of it?",
      cell: 'bob 7',
      on: 'p07',
    },
    {
      ask: 'The lunch planner of p06, with its own client and a token of alice, does the exchange once more. Is it served (unattributed-agent)?',
      attack: 'unattributed-agent',
      on: 'p07',
    },
    {
      ask: 'Which is the first rung on which a captured request is worth nothing to who sends it again?',
      firstToBlock: 'bearer-replay',
    },
  ],
} satisfies ExplainLab
