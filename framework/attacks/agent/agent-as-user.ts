import type { Attack } from '../attacker/attack.ts'
import { presentedAs } from '../attacker/capture.ts'
import { allowed, type Effect } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const agentAsUser: Attack = {
  id: 'agent-as-user',
  story:
    "The agent runs at night, when nobody has asked it for anything: it has its own credentials and no user's, and wants to read alice's expenses.",
  owasp: ['ASI03', 'ASI10', 'MCP07'],
  cwe: ['CWE-639', 'CWE-863'],
  aisvs: ['9.5.2', '9.5.1'],
  judgedBy: "alice's expenses among the rows that the service returned",
  async run(attacker) {
    // The control: alice herself is served.
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    const { apiKeys } = await attacker.verifierMaterial()
    const own = apiKeys.flatMap(({ key, userId }) => (userId === undefined ? [key] : []))
    const token = await attacker.stolenClient('nightly-job').ownToken(['expenses:read', 'to-expenses'])
    const secrets = [...own, ...(token ? [token] : [])]
    const effect = await attacker.effectOf(async () => {
      for (const headers of [{}, ...secrets.flatMap((secret) => presentedAs(secret, call))]) {
        await attacker.send('expenses', { method: 'GET', path: '/expenses?owner=alice', headers })
      }
    })
    return judge(effect, {
      succeeded: readExpensesOf('alice', effect),
      how: "the agent read what is alice's, and she had asked for nothing",
    })
  },
}

function readExpensesOf(user: string, { before, records }: Effect): boolean {
  const theirs = before.expenses.filter(({ owner }) => owner === user).map(({ id }) => `expense:${id}`)
  return allowed(records).some(({ resources }) => resources.some((each) => theirs.includes(each)))
}
