import { type AuthHandler, sessionOf } from '@lab/contract'

export const authHandler = {
  credential: 'bearer',

  async prepareRequest(call) {
    const { token, userId } = sessionOf(call)
    return { authorization: `Bearer ${token}`, 'x-user-id': userId }
  },
} satisfies AuthHandler
