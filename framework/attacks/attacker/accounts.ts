import { newTraceparent, type Role } from '@lab/contract'
import type { SignedIn } from '../../parties/sign-in/index.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { apiKeyOfUser } from '../../scenario/demo-keys.ts'
import { userOf } from '../../scenario/realm/lookup.ts'

/** Changes to people's accounts around an attack: made by the company, not by the attacker. */
export class Accounts {
  readonly #runner: PatternRunner
  #changed = false

  constructor(runner: PatternRunner) {
    this.#runner = runner
  }

  /** Signs a user in to the agent's app afresh: what that session holds, a leak of it would hold. */
  async signIn(user: string): Promise<SignedIn> {
    return this.#runner.stack.sessions.signIn(user, newTraceparent())
  }

  /** The key that a user was given, and gave away. */
  keyOf(user: string): string {
    return apiKeyOfUser(user)
  }

  /** The identifier that tokens name a user by: no secret. */
  subOf(user: string): string {
    return userOf(this.#runner.realm, user).sub
  }

  /** The user signs out everywhere. */
  async signOut(user: string): Promise<void> {
    this.#changed = true
    await this.#runner.stack.idp.admin.endSessions(user)
  }

  /** Somebody with the right to do so leaves the user this one role, at the IdP and in the directory. */
  async setRole(user: string, role: Role): Promise<void> {
    this.#changed = true
    await this.#runner.stack.idp.admin.setRoles(user, [role])
    this.#runner.stack.database.directory.setRole(user, role)
  }

  /** The user's account is switched off. */
  async suspend(user: string): Promise<void> {
    this.#changed = true
    await this.#runner.stack.idp.admin.setUserEnabled(user, false)
  }

  async disableClient(clientId: string): Promise<void> {
    this.#changed = true
    await this.#runner.stack.idp.admin.setClientEnabled(clientId, false)
  }

  /** Puts everything back, and lets users sign in again where a session may have ended. */
  async reset(): Promise<void> {
    if (!this.#changed) return
    this.#changed = false
    this.#runner.stack.sessions.forget()
    await this.#runner.stack.idp.admin.reset()
  }
}
