import { visible } from '@lab/contract'
import type { ConsentOptions } from '../../parties/agent/consent.ts'
import { questionIn } from '../../parties/oauth-client/index.ts'
import { authenticatorOf } from '../../parties/sign-in/authenticator.ts'
import { pc } from '../../process/colours.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { userOf } from '../../scenario/realm/lookup.ts'

/** The time that a person has to answer, in ms. */
const timeout = 120_000

/** Shows on the terminal where a person says yes or no. Not on standard output, which is the report's. */
export function consentAtTerminal({ keycloak, realm, realmFile }: StackOptions): ConsentOptions {
  return {
    timeout,
    tell(username, authorizationUrl, address) {
      const scopes = authorizationUrl.searchParams.get('scope') ?? ''
      const { action } = questionIn(Object.fromEntries(authorizationUrl.searchParams))
      const lines = [
        '',
        pc.bold(
          `${username}: the agent ${action ? `wants to ${visible(action)}, and ` : ''}asks for ${visible(scopes)}`,
        ),
        `Say yes or no within ${timeout / 1000} s at`,
        address,
      ]
      if (keycloak) {
        const authenticator = authenticatorOf(userOf(realm ?? readRealm(realmFile), username))
        lines.push(
          `A one-time code is asked for too: now it is ${authenticator.generate()}, later what an authenticator app shows for`,
          authenticator.toString(),
        )
      }
      process.stderr.write(`${lines.join('\n')}\n`)
    },
  }
}
