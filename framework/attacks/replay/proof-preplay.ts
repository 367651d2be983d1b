import { type Attack, notApplicable } from '../attacker/attack.ts'
import { hasCredentials } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const proofPreplay: Attack = {
  id: 'proof-preplay',
  story:
    'Someone in the middle takes a request off the wire before it arrives, and wants to be served in its place.',
  owasp: ['ASI03', 'ASI07', 'MCP01'],
  cwe: ['CWE-294', 'CWE-300'],
  aisvs: ['10.3.1'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    // The control: where nobody takes it, the request is served.
    await attacker.captureCall('alice', 'What are my expenses?')
    const taken = await attacker.suppress('alice', 'What are my expenses?')
    if (!hasCredentials(taken)) return notApplicable('the request carried no credential')
    const effect = await attacker.effectOf(() => attacker.replay(taken))
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'a request that never arrived is as good as new: only TLS keeps it from being taken',
    })
  },
}
