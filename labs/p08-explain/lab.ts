import type { ExplainLab } from '@lab/framework/learn'

export const lab = {
  kind: 'explain',
  rung: 'p08',
  title: 'What a proof proves',
  minutes: 5,
  questions: [
    {
      ask: 'The bound tokens travel on the last hop. On the first, from the agent to the MCP server, somebody captures a call and sends it again (front-hop-replay). Does that succeed?',
      attack: 'front-hop-replay',
      on: 'p08',
    },
    {
      ask: 'Somebody stops a request on its way, so that its proof is unused, changes the amount in its body, and lets it go (dpop-changed-body). Does that succeed?',
      attack: 'dpop-changed-body',
      on: 'p08',
    },
    {
      ask: 'Which is the first rung on which a token for reading expenses cannot submit one?',
      firstToBlock: 'scope-overreach',
    },
  ],
} satisfies ExplainLab
