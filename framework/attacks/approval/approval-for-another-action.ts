import { approvedCall } from '../attacker/approved.ts'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import { reached } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { submittedBy } from '../attacker/victims.ts'

export const approvalForAnotherAction: Attack = {
  id: 'approval-for-another-action',
  story:
    'Someone has a token that bob approved for one expense, and the right key, and wants another expense approved by it.',
  owasp: ['ASI02', 'ASI03', 'MCP07'],
  cwe: ['CWE-863', 'CWE-639'],
  aisvs: ['9.2.1', '9.5.1'],
  judgedBy: 'the status of the other expense',
  async run(attacker) {
    const [first, wanted, other] = [
      await submittedBy('alice', attacker),
      await submittedBy('alice', attacker),
      await submittedBy('alice', attacker),
    ]
    const bob = await approvedCall(attacker, 'bob', `Approve expense ${first}.`)
    if (!bob) return notApplicable('nobody is asked to approve anything here')
    const approve = async (approved: number, sent: string) =>
      bob.present(await bob.approved('approve_expense', { id: approved }), sent)
    // The control: what he approved is done.
    const right = await attacker.effectOf(() => approve(wanted, `/expenses/${wanted}/approve`))
    if (!reached(`expense:${wanted}`, right)) {
      throw new Error('could not be carried out: not even what was approved is done')
    }
    const target = `expense:${other}`
    const effect = await attacker.effectOf(
      async () => {
        await approve(first, `/expenses/${other}/approve?id=${first}`)
        await approve(first, `/expenses/${other}/approve`)
      },
      { target },
    )
    const how = `bob approved expense ${first}, and expense ${other} is approved`
    return judge(effect, { succeeded: reached(target, effect), how })
  },
}
