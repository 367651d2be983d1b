import type { Exchange } from '../../trace/recorder/hop.ts'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import { isSigned } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { type BoundToken, boundToken, control } from './bound-token.ts'

/** All that a signature has to cover: written down once more, so that a service which forgets one is found. */
const parts = ['@method', '@target-uri', 'authorization', 'dpop', 'content-digest']

export const unsignedComponent: Attack = {
  id: 'unsigned-component',
  story:
    'Someone whose key can be made to sign anything sends a request whose signature leaves a part of it out, or names more on the wire than was signed, and wants to be served.',
  owasp: ['ASI03', 'ASI07', 'MCP07'],
  cwe: ['CWE-347', 'CWE-924'],
  aisvs: ['9.4.2'],
  judgedBy: 'the new expense',
  async run(attacker) {
    const bound = await boundToken(attacker, 'Submit a 42 euro lunch expense.')
    if (!bound || !isSigned(bound.call)) return notApplicable('no request is signed here')
    await control(attacker, await bound.credentials(), bound.call)
    const effect = await attacker.effectOf(async () => {
      for (const credentials of await incomplete(bound)) await attacker.replay(bound.call, { credentials })
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'a request was served whose signature did not cover the whole of it',
    })
  },
}

/** Credentials that are right in all but what the signature covers. */
async function incomplete({ call, key, credentials }: BoundToken): Promise<Record<string, string>[]> {
  const without = await Promise.all(
    parts.map(async (left) => {
      const covered = parts.filter((name) => name !== left)
      return key.signed(requestOf(call), unsigned(await credentials()), { covered })
    }),
  )
  const claimed = await Promise.all(
    parts.map(async (left) => {
      const covered = parts.filter((name) => name !== left)
      const signed = await key.signed(requestOf(call), unsigned(await credentials()), { covered })
      return { ...signed, 'signature-input': signed['signature-input']?.replace('(', `("${left}" `) ?? '' }
    }),
  )
  return [unsigned(await credentials()), ...without, ...claimed]
}

function requestOf({ method, url, requestBody }: Exchange) {
  return { method, url, body: requestBody }
}

function unsigned({
  signature,
  'signature-input': input,
  'content-digest': digest,
  ...credentials
}: Record<string, string>): Record<string, string> {
  return credentials
}
