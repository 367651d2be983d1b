import type { SignedIn } from '../sign-in/index.ts'

/** A user's session as one run uses it: kept, and renewed, where the user signed in. */
export interface SessionTokens {
  /** Its tokens as they are now, renewed where they end soon. */
  tokens(): Promise<SignedIn>
  /**
   * The tokens that take the place of an access token that was refused; undefined where the session has ended.
   * @throws {AuthError} `idp_unavailable` where nobody can say
   */
  renewed(refused: string): Promise<SignedIn | undefined>
}
