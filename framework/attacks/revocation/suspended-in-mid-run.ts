import { type Attack, notApplicable } from '../attacker/attack.ts'
import { allowed } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { knowsUsers } from '../attacker/victims.ts'

/** The calls after the suspension: how many of them are served is what is measured. */
const later = 5

export const suspendedInMidRun: Attack = {
  id: 'suspended-in-mid-run',
  story:
    "Alice's account is suspended at the IdP while her agent works, and whoever sits at it wants the rest of the run.",
  owasp: ['ASI03', 'ASI10', 'MCP07'],
  cwe: ['CWE-613'],
  aisvs: ['9.5.6'],
  judgedBy: `the number of calls, of ${later} after the suspension, that a service served`,
  async run(attacker) {
    // The control: before it, her calls are served.
    const { run } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!knowsUsers(run)) return notApplicable('nobody is known here, so nobody can be suspended')
    const alice = await attacker.connect('alice')
    try {
      await alice.call('list_expenses', {})
      await attacker.accounts.suspend('alice')
      const effect = await attacker.effectOf(async () => {
        for (let call = 0; call < later; call++) await alice.call('list_expenses', {})
      })
      const served = allowed(effect.records).length
      const how = `${served} of ${later} calls after the suspension were served`
      const isRefused = effect.records.some(({ decision }) => decision === 'deny')
      return judge(effect, { succeeded: served > 0, how, otherwise: isRefused ? how : undefined })
    } finally {
      await alice.close()
    }
  },
}
