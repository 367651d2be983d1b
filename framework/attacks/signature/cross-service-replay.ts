import { type Attack, notApplicable } from '../attacker/attack.ts'
import { credentialsOf, hasCredentials } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

export const crossServiceReplay: Attack = {
  id: 'cross-service-replay',
  story:
    'Someone captured a request to the expenses service, and wants to read documents with its credentials.',
  owasp: ['ASI03', 'MCP07'],
  cwe: ['CWE-294', 'CWE-863'],
  aisvs: ['9.5.2', '10.2.7'],
  judgedBy: 'rows that the documents service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    const headers = credentialsOf(call)
    const effect = await attacker.effectOf(() =>
      attacker.send('documents', { method: 'GET', path: '/documents?query=runbook', headers }),
    )
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: holes['wrong-audience'],
    })
  },
}
