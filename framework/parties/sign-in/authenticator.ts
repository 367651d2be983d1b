import { Secret, TOTP } from 'otpauth'
import type { RealmUser } from '../../scenario/realm/index.ts'

/**
 * A user's authenticator app (TOTP, RFC 6238): a new code each 30 s, made from the secret that the realm has as well.
 * @throws {TypeError} for a user without such a secret
 */
export function authenticatorOf({ username, otpSecret }: RealmUser): TOTP {
  if (!otpSecret) throw new TypeError(`the realm has no one-time codes for ${username}`)
  return new TOTP({ issuer: 'Agent Auth Lab', label: username, secret: Secret.fromUTF8(otpSecret) })
}
