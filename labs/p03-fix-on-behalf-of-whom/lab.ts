import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p03',
  title: 'On behalf of whom?',
  minutes: 8,
  block: 'identity-header-spoof',
  measure: 'p03',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'identity-header-spoof',
    'catch-and-allow': 'identity-header-spoof',
    'known-users-only': 'identity-header-spoof',
  },
} satisfies FixLab
