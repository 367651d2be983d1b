import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p02',
  title: 'Half a key',
  minutes: 8,
  block: 'guessed-key',
  measure: 'p02',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'guessed-key',
    'catch-and-allow': 'anonymous-call',
    'longer-guess': 'guessed-key',
  },
} satisfies FixLab
