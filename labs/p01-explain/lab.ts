import type { ExplainLab } from '@lab/framework/learn'

export const lab = {
  kind: 'explain',
  rung: 'p01',
  title: 'Nothing to steal',
  minutes: 4,
  questions: [
    {
      ask: 'Dave may only read. He asks the agent to make him an admin. What comes of it?',
      cell: 'dave 6',
      on: 'p01',
    },
    {
      ask: 'Somebody listens on the wire, copies a request and sends it again (bearer-replay). Does that attack succeed?',
      attack: 'bearer-replay',
      on: 'p01',
    },
    {
      ask: 'Which is the first rung on which a process without any credential is turned away?',
      firstToBlock: 'anonymous-call',
    },
  ],
} satisfies ExplainLab
