import type { ExplainLab } from '@lab/framework/learn'

export const lab = {
  kind: 'explain',
  rung: 'p02',
  title: 'One key for all',
  minutes: 4,
  questions: [
    {
      ask: "Expense 103 is alice's, and waits. Dave, who may only read, asks the agent to approve it. What comes of it?",
      cell: 'dave 5',
      on: 'p02',
    },
    {
      ask: "Yesterday's log has the key in it. Does a request with it still work today (stale-replay)?",
      attack: 'stale-replay',
      on: 'p02',
    },
    {
      ask: 'Which is the first rung on which dave cannot make himself an admin through the agent?',
      firstToBlock: 'role-escalation',
    },
  ],
} satisfies ExplainLab
