import type { ExplainLab } from '@lab/framework/learn'

export const lab = {
  kind: 'explain',
  rung: 'p04',
  title: "Behind the model's back",
  minutes: 5,
  questions: [
    {
      ask: 'Somebody reads all that the model reads and tries every word of it as a key. Does that still succeed (credential-in-context)?',
      attack: 'credential-in-context',
      on: 'p04',
    },
    {
      ask: 'Alice, an admin, asks the agent to approve expense 103. It is her own. What comes of it?',
      cell: 'alice 5',
      on: 'p04',
    },
    {
      ask: 'Which is the first rung on which what was logged a day ago is worth nothing?',
      firstToBlock: 'stale-replay',
    },
  ],
} satisfies ExplainLab
