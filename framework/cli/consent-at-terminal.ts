import type { ConsentOptions } from '../agent/consent.ts'
import type { StackOptions } from '../runner/stack.ts'
import { UserError } from '../user-error.ts'
import { pc } from './colours.ts'

/** How long a person has to answer, in ms. */
const timeout = 120_000

/**
 * Shows on the terminal where a person says yes or no. Not on standard output, which is the report's.
 * @throws {UserError} on a Keycloak, where the realm's clients ask for no consent
 */
export function consentAtTerminal({ keycloak }: StackOptions): ConsentOptions {
  if (keycloak) throw new UserError('--consent ask needs the embedded IdP: leave --idp keycloak out')
  return {
    timeout,
    tell(username, authorizationUrl) {
      const scopes = authorizationUrl.searchParams.get('scope') ?? ''
      process.stderr.write(
        `\n${pc.bold(`${username}: the agent asks for ${scopes}`)}\nSay yes or no within ${timeout / 1000} s at\n${authorizationUrl}\n`,
      )
    },
  }
}
