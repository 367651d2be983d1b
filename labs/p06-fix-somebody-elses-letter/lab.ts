import type { FixLab } from '@lab/framework/learn'

export const lab = {
  kind: 'fix',
  rung: 'p06',
  title: "Somebody else's letter",
  minutes: 8,
  block: 'past-the-mcp-server',
  measure: 'p06',
  wrong: {
    'refuse-everybody': 'alice 1',
    'trust-a-header': 'past-the-mcp-server',
    'catch-and-allow': 'past-the-mcp-server',
    'any-of-ours': 'past-the-mcp-server',
  },
} satisfies FixLab
