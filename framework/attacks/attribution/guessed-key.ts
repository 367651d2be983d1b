import { type Attack, notApplicable } from '../attacker/attack.ts'
import { hasCredentials, presentedAs, secretsOf, tokenIn } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

export const guessedKey: Attack = {
  id: 'guessed-key',
  story:
    'Someone saw a part of a key in a log that cuts secrets short, and wants to be served with that part, or with what a careless comparison takes for the whole.',
  owasp: ['ASI03', 'MCP01'],
  cwe: ['CWE-303'],
  aisvs: ['5.1.2'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!hasCredentials(call)) return notApplicable('the request carried no credential')
    if (tokenIn(call)) return notApplicable('a token is verified by its signature, and compared with nothing')
    const guesses = secretsOf(call).flatMap(guessesAt)
    const effect = await attacker.effectOf(async () => {
      for (const credentials of guesses.flatMap((guess) => presentedAs(guess, call))) {
        await attacker.replay(call, { credentials })
      }
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: holes['garbage-token'],
    })
  },
}

function guessesAt(key: string): string[] {
  const parts = ['', key.slice(0, 1), key.slice(0, 8), key.slice(0, -1), key.slice(1), key.slice(-8)]
  return [...parts, `${key}x`, key.toUpperCase(), '%', '*', '.*', 'null', 'undefined']
}
