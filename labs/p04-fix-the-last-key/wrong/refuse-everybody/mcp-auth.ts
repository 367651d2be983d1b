import { AuthError, type AuthHandler } from '@lab/contract'

export const authHandler = {
  credential: 'argument',

  async prepareRequest() {
    throw new AuthError('missing_credential', 'better safe than sorry')
  },
} satisfies AuthHandler
