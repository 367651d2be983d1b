import { type Attack, notApplicable } from '../attacker/attack.ts'
import { proofIn } from '../attacker/capture.ts'
import { reached } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { submittedBy } from '../attacker/victims.ts'

export const proofOnAnotherCall: Attack = {
  id: 'dpop-other-call',
  story:
    "Someone took bob's approval of expense 103 off the wire, unused proof and all, and wants alice's other expense approved with it.",
  owasp: ['ASI02', 'ASI03', 'MCP07'],
  cwe: ['CWE-294'],
  aisvs: ['9.4.2'],
  judgedBy: 'the status of the other expense',
  async run(attacker) {
    const other = await submittedBy('alice', attacker)
    const taken = await attacker.suppress('bob', 'Approve expense 103.')
    if (!proofIn(taken)) return notApplicable('nobody asks for a proof of possession here')
    const path = new URL(taken.url).pathname.replace('103', `${other}`)
    const effect = await attacker.effectOf(() => attacker.replay(taken, { path }))
    const verdict = judge(effect, {
      succeeded: reached(`expense:${other}`, effect),
      how: 'a proof for one path was taken for another',
    })
    // The control: for the call that it was made for, the same proof is good.
    const intended = await attacker.effectOf(() => attacker.replay(taken))
    if (!reached('expense:103', intended) && verdict.outcome === 'blocked') {
      throw new Error('could not be carried out: the proof is not even good for its own call')
    }
    return verdict
  },
}
