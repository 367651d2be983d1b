import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p05',
  title: 'The letter that nobody opens',
  minutes: 10,
  block: 'own-key',
  measure: 'p05',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'identity-header-spoof',
    'catch-and-allow': 'own-key',
    'check-the-algorithm': 'own-key',
  },
} satisfies FixLab
