import { type ToolName, tools } from '@lab/contract'
import type { Exchange } from '../../trace/recorder/hop.ts'
import type { Attacker } from './attacker.ts'
import { type CapturedCall, reachedService, serviceCall, toolCall } from './capture.ts'
import { frontCredentialOf } from './front-hop.ts'
import { presentLike } from './present.ts'
import type { ProofKey } from './proof-key.ts'
import { unaskedToken } from './unasked-token.ts'

/** A sensitive action that a user asked for, was asked about, approved, and that was done. */
export interface ApprovedCall {
  readonly call: Exchange
  readonly key: ProofKey
  /** The token of the user's session, at the MCP server. */
  readonly session: string
  /** Has the user approve this, because she wants it. @returns a token for it that is bound to the attacker's key */
  approved(tool: ToolName, args: Readonly<Record<string, string | number>>): Promise<string>
  /** A token of the kind that there was before anybody was asked. */
  unapproved(): Promise<string | undefined>
  /** Sends a token with a proof that is right for this request. */
  present(
    token: string,
    path: string,
    more?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<void>
}

/**
 * Lets a user do something sensitive, in an honest run. The attacker has the MCP server's client and its key signs what it
 * likes, which is an attack in itself (client-and-session-theft); here it stands for any way of having a token of the right
 * kind with the right proof, so that only the approval can be wrong.
 * @returns undefined where nobody is asked
 */
export async function approvedCall(
  attacker: Attacker,
  user: string,
  prompt: string,
): Promise<ApprovedCall | undefined> {
  const asked = await askedCall(attacker, user, prompt)
  if (!asked) return undefined
  const { call, exchanges } = asked
  const client = attacker.stolenClient()
  const key = await client.key
  const session = frontCredentialOf(toolCall(exchanges))?.bearer ?? ''
  return {
    call,
    key,
    session,
    approved: (tool, args) =>
      attacker.people.wanting(user, { tool, args }, () =>
        client.approved({
          tool,
          args,
          service: tools[tool].service,
          scope: [tools[tool].scope, 'act-mcp-server'],
          session,
        }),
      ),
    unapproved: () => unaskedToken(attacker, user, client),
    async present(token, path, { body, headers } = {}) {
      const url = new URL(path, call.url).href
      const credentials = await presentLike({ ...call, url }, token, key)
      await attacker.replay(call, {
        path,
        credentials,
        ...(headers && { headers }),
        ...(body !== undefined && { body }),
      })
    },
  }
}

/**
 * Lets a user do something sensitive, in an honest run.
 * @returns what was captured; undefined where nobody is asked, or nobody can be, because of the IdP
 * @throws where somebody is asked and the action was not done: then it tells nothing
 */
export async function askedCall(
  attacker: Attacker,
  user: string,
  prompt: string,
): Promise<CapturedCall | undefined> {
  const captured = await attacker.capture(user, prompt)
  const { run, exchanges } = captured
  const isAsked = asksPerson(exchanges)
  const refusedUnasked = run.toolCalls.some(({ outcome }) => outcome.code === 'interaction_required')
  if (refusedUnasked && !isAsked && !reachedService(exchanges)) return undefined
  const call = serviceCall(exchanges)
  return isAsked ? { ...captured, call } : undefined
}

/** True if somebody was asked to approve an action (RFC 9396, in a request of CIBA Core 1.0 section 7.1). */
function asksPerson(exchanges: readonly Exchange[]): boolean {
  return exchanges.some(
    ({ to, requestBody }) => to === 'idp' && requestBody.includes('authorization_details='),
  )
}
