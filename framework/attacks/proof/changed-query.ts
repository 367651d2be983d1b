import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { proofIn, serviceCall } from '../lab/capture.ts'
import { allowed } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'

const wanted = 'document:release-checklist'

export const changedQuery: Attack = {
  id: 'dpop-changed-query',
  story:
    "Someone took alice's search for the incident runbook off the wire, unused proof and all, and wants another document with it (the URL in a proof has no query, RFC 9449 section 4.2).",
  owasp: ['ASI03', 'ASI07', 'MCP07'],
  judgedBy: 'the document that the service let out',
  expected: '-------S',
  async run(lab) {
    // The control: where nobody takes it, the request is served.
    serviceCall((await lab.capture('alice', 'Find the incident runbook.')).exchanges)
    const taken = await lab.suppress('alice', 'Find the incident runbook.')
    if (!proofIn(taken)) return notApplicable('nobody asks for a proof of possession here')
    const effect = await lab.effectOf(() => lab.replay(taken, { path: '/documents?query=release' }))
    const letOut = allowed(effect.records).some(({ resources }) => resources.includes(wanted))
    return judge(effect, letOut, 'the proof is valid, and does not say anything about the query')
  },
}
