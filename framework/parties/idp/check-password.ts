import { sameSecret } from '@lab/contract'
import type { LiveRealm } from './live-realm.ts'
import { WrongPasswords } from './wrong-passwords.ts'

/** The reason is for the record; a page says the same to all who are refused. */
export type CheckPassword = (username: string, password: string) => { sub?: string; reason: string }

/** Makes the check of passwords that all pages share: who guesses has no more tries by using several. */
export function passwordCheck(realm: LiveRealm): CheckPassword {
  const wrong = new WrongPasswords(realm.file.failureFactor)
  return (username, password) => {
    const user = realm.user(username)
    // Compared for an unknown user as well: neither the page nor the time tells which of the two was wrong.
    const matches = sameSecret(user?.password ?? '', password)
    if (!user) return { reason: 'unknown user' }
    // Not counted meanwhile, and refused though it be right: who guesses must not learn it.
    if (wrong.isLocked(username, Date.now()))
      return { reason: 'too many wrong passwords: the user has to wait' }
    if (!matches) {
      wrong.add(username, Date.now())
      return { reason: 'wrong password' }
    }
    wrong.clear(username)
    if (!user.enabled) return { reason: 'the user is disabled' }
    return { sub: user.sub, reason: 'signed in with a password' }
  }
}
