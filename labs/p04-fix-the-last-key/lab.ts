import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p04',
  title: 'The last key counts',
  minutes: 8,
  block: 'anonymous-tool-call',
  measure: 'p04',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'anonymous-tool-call',
    'catch-and-allow': 'anonymous-tool-call',
    'one-for-each-tool': 'anonymous-tool-call',
  },
} satisfies FixLab
