import type { ExplainLab } from '@lab/framework/learn'

export const lab = {
  kind: 'explain',
  rung: 'p05',
  title: 'What a signature says',
  minutes: 5,
  questions: [
    {
      ask: "Somebody finds yesterday's log with alice's whole request in it, token and all. Does it still open her expenses?",
      attack: 'stale-replay',
      on: 'p05',
    },
    {
      ask: 'And a request that was captured ten seconds ago, sent once more as it is?',
      attack: 'bearer-replay',
      on: 'p05',
    },
    {
      ask: 'Every rung takes a token or a key. Which is the first on which a token for expenses does not open documents?',
      firstToBlock: 'cross-service-replay',
    },
  ],
} satisfies ExplainLab
