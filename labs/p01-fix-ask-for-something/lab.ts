import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p01',
  title: 'Ask for something',
  minutes: 10,
  block: 'anonymous-call',
  measure: 'p02',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'guessed-key',
    'half-the-door': 'alice 1',
  },
} satisfies FixLab
