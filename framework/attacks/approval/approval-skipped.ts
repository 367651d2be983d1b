import type { Attack } from '../attacker/attack.ts'
import type { Attacker } from '../attacker/attacker.ts'
import type { CapturedCall } from '../attacker/capture.ts'
import { credentialsOf } from '../attacker/capture.ts'
import { allowed } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { presentLike } from '../attacker/present.ts'
import { unaskedToken } from '../attacker/unasked-token.ts'

const target = 'user:bob'
const path = '/users/bob/role'

export const approvalSkipped: Attack = {
  id: 'approval-skipped',
  story:
    'Someone has taken over the MCP server, with its key and alice’s session, and wants a sensitive action done that nobody asked alice about.',
  owasp: ['ASI02', 'ASI10', 'MCP07'],
  cwe: ['CWE-306', 'CWE-863'],
  aisvs: ['9.2.1', '9.5.2'],
  judgedBy: 'a record of the directory that lets the change happen and names nobody who approved it',
  async run(attacker) {
    // The control: what alice asks for is done.
    const captured = await attacker.captureCall('alice', 'Make Dave an admin.')
    const credentials = await credentialsFor(attacker, captured)
    const effect = await attacker.effectOf(() => attacker.replay(captured.call, { path, credentials }), {
      target,
    })
    const done = allowed(effect.records).find(({ resources }) => resources.includes(target))
    return judge(effect, {
      succeeded: done !== undefined && done.approvedBy === undefined,
      how: 'a sensitive action was done, and no person was asked',
    })
  },
}

/** The MCP server's credentials for a call that asks nobody: a token in exchange where it gets one so, or what it has. */
async function credentialsFor(attacker: Attacker, { call }: CapturedCall): Promise<Record<string, string>> {
  const client = attacker.stolenClient()
  const token = await unaskedToken(attacker, 'alice', client)
  if (!token) return credentialsOf(call)
  return presentLike({ ...call, url: new URL(path, call.url).href }, token, await client.key)
}
