import { UserError } from '../../process/user-error.ts'
import { opaServerPdp } from './opa-server-pdp.ts'

/**
 * Asks an OPA server about a caller without a user: it must answer, by the expected policy, and refuse.
 * @param server as for `opaServerPdp`
 * @throws {UserError} for what is wrong, in one line
 */
export async function checkOpa(server: Parameters<typeof opaServerPdp>[0]): Promise<void> {
  const nobody = { user: '', roles: [] }
  const resources = [{ type: 'tool', id: 'list_expenses' }] as const
  const input = { subject: nobody, actors: [], scopes: [], action: 'expenses:read', resources } as const
  const [decision] = await opaServerPdp(server)
    .decide('gate', input)
    .catch((error: Error) => {
      throw new UserError(
        `the OPA server at ${server.url} cannot be used: ${error.message}; start one with pnpm run stack up, or set OPA_URL`,
        { cause: error },
      )
    })
  if (decision?.allow !== false) {
    throw new UserError(
      `the policy of the OPA server at ${server.url} does not refuse a caller without a user`,
    )
  }
}
