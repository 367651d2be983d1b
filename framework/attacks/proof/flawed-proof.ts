import { type Attack, notApplicable } from '../attacker/attack.ts'
import { gotThrough } from '../attacker/effect.ts'
import { proofFlaws, takenWithFlaw } from '../attacker/forging/proof-flaws.ts'
import { judge } from '../attacker/judge.ts'
import { boundToken, control } from './bound-token.ts'

export const flawedProofAttacks: readonly Attack[] = proofFlaws.map(({ id, cwe, flaw, present }) => ({
  id,
  cwe,
  story: `Someone whose key can be made to sign anything sends a bound token ${flaw}, and wants to be served.`,
  owasp: ['ASI03', 'MCP07'],
  aisvs: ['9.4.2'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const bound = await boundToken(attacker)
    if (!bound) return notApplicable('nobody asks for a proof of possession here')
    const right = await bound.credentials()
    await control(attacker, right, bound.call)
    const effect = await attacker.effectOf(async () => {
      for (const credentials of await present(bound, right))
        await attacker.replay(bound.call, { credentials })
    })
    return judge(effect, { succeeded: gotThrough(effect), how: takenWithFlaw(flaw) })
  },
}))
