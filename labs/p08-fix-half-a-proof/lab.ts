import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p08',
  title: 'Half a proof',
  minutes: 12,
  block: 'dpop-forged-signature',
  measure: 'p08',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'dpop-forged-signature',
    'catch-and-allow': 'dpop-forged-signature',
    'any-signature': 'dpop-other-key',
  },
} satisfies FixLab
