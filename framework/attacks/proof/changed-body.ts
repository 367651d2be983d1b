import { type Attack, notApplicable } from '../attacker/attack.ts'
import { proofIn } from '../attacker/capture.ts'
import { newExpensesOf } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

const amount = 999

export const changedBody: Attack = {
  id: 'dpop-changed-body',
  story:
    "Someone took alice's 42 euro expense off the wire, unused proof and all, and wants it to say 999 (a proof covers method and URL and never the body; HTTP Message Signatures, RFC 9421, would).",
  owasp: ['ASI03', 'ASI07', 'MCP07'],
  cwe: ['CWE-924'],
  aisvs: ['9.4.2'],
  judgedBy: 'the amount of the new expense',
  async run(attacker) {
    // The control: where nobody takes it, the request is served.
    await attacker.captureCall('alice', 'Submit a 42 euro lunch expense.')
    const taken = await attacker.suppress('alice', 'Submit a 42 euro lunch expense.')
    if (!proofIn(taken)) return notApplicable('nobody asks for a proof of possession here')
    const body = { ...JSON.parse(taken.requestBody), amount }
    const effect = await attacker.effectOf(() => attacker.replay(taken, { body }))
    const changed = newExpensesOf(effect).some((expense) => expense.amount === amount)
    return judge(effect, {
      succeeded: changed,
      how: 'the proof is valid, and does not say anything about the body',
    })
  },
}
