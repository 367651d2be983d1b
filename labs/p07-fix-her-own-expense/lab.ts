import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p07',
  title: 'Her own expense',
  minutes: 10,
  block: 'conflict-of-interest',
  measure: 'p07',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'alice 2',
    'catch-and-allow': 'conflict-of-interest',
    'nobody-approves': 'bob 5',
  },
} satisfies FixLab
