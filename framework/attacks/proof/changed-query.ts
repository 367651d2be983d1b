import { type Attack, notApplicable } from '../attacker/attack.ts'
import { proofIn } from '../attacker/capture.ts'
import { allowed } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

const wanted = 'document:release-checklist'

export const changedQuery: Attack = {
  id: 'dpop-changed-query',
  story:
    "Someone took alice's search for the incident runbook off the wire, unused proof and all, and wants another document with it (the URL in a proof has no query, RFC 9449 section 4.2).",
  owasp: ['ASI03', 'ASI07', 'MCP07'],
  cwe: ['CWE-924'],
  aisvs: ['9.4.2'],
  judgedBy: 'the document that the service returned',
  async run(attacker) {
    // The control: where nobody takes it, the request is served.
    await attacker.captureCall('alice', 'Find the incident runbook.')
    const taken = await attacker.suppress('alice', 'Find the incident runbook.')
    if (!proofIn(taken)) return notApplicable('nobody asks for a proof of possession here')
    const effect = await attacker.effectOf(() => attacker.replay(taken, { path: '/documents?query=release' }))
    const served = allowed(effect.records).some(({ resources }) => resources.includes(wanted))
    return judge(effect, {
      succeeded: served,
      how: 'the proof is valid, and does not say anything about the query',
    })
  },
}
