import { setTimeout as wait } from 'node:timers/promises'
import { type Approvals, AuthError, type ToolCall } from '@lab/contract'
import * as oauth from 'oauth4webapi'
import { actionInWords } from '../agent/action-in-words.ts'
import { requestOptions } from './discovery.ts'
import { checkBinding, refusedBy, withProof } from './token-endpoint.ts'

/** The time for which a call waits for a person, in seconds: less than the minute for which MCP clients wait for a call. */
const approvalSeconds = 50

type Asked = Parameters<Approvals['request']>[1]

/**
 * Asks users at an IdP's backchannel authentication endpoint (OpenID Connect CIBA Core 1.0, poll mode).
 * @returns undefined for an IdP that asks nobody, or not about a single action (RFC 9396 section 10)
 */
export function createApprovals(options: {
  readonly metadata: oauth.AuthorizationServer
  readonly clientId: string
  readonly clientSecret: string
  readonly fetch: typeof fetch
}): Approvals | undefined {
  const { metadata, clientId, clientSecret, fetch } = options
  const { issuer, token_endpoint: tokenUrl = '' } = metadata
  if (!metadata.backchannel_authentication_endpoint || !metadata.authorization_details_types_supported)
    return undefined
  const client: oauth.Client = { client_id: clientId }
  const own = oauth.ClientSecretBasic(clientSecret)
  const transportOf = ({ traceparent, signal }: ToolCall) =>
    requestOptions(issuer, { fetch, traceparent, signal })

  const ask = async (call: ToolCall, { user, action, scope }: Asked) => {
    const response = await oauth.backchannelAuthenticationRequest(
      metadata,
      client,
      own,
      {
        scope: ['openid', ...scope].join(' '),
        login_hint_token: user,
        binding_message: actionInWords(call.tool, call.args).slice(0, 200),
        authorization_details: JSON.stringify([action]),
        requested_expiry: String(approvalSeconds),
      },
      transportOf(call),
    )
    return oauth.processBackchannelAuthenticationResponse(metadata, client, response)
  }

  const poll = async (call: ToolCall, id: string, { boundTo }: Asked) => {
    const proof = await boundTo?.proof({ htm: 'POST', htu: tokenUrl })
    const response = await oauth.backchannelAuthenticationGrantRequest(
      metadata,
      client,
      withProof(own, proof),
      id,
      transportOf(call),
    )
    const token = await oauth.processGenericTokenEndpointResponse(metadata, client, response)
    checkBinding(token.token_type, proof)
    return token.access_token
  }

  const approved = async (call: ToolCall, asked: Asked): Promise<string> => {
    const { auth_req_id: id, interval = 5, expires_in: lasts } = await ask(call, asked)
    const until = Date.now() + lasts * 1000
    for (let seconds = interval; ; ) {
      try {
        return await poll(call, id, asked)
      } catch (error) {
        const code = codeOf(error)
        if (code === 'slow_down') seconds += 5
        else if (code !== 'authorization_pending') throw error
        if (Date.now() > until) throw noAnswer(call)
        await wait(seconds * 1000, undefined, { ...(call.signal && { signal: call.signal }) })
      }
    }
  }

  /** By the arguments of a call, which it shares with the same call after a challenge and with no other one. */
  const given = new WeakMap<object, string>()
  return {
    async request(call, asked) {
      const before = call.challenge && given.get(call.args)
      if (before) return before
      try {
        const token = await approved(call, asked)
        given.set(call.args, token)
        return token
      } catch (error) {
        throw error instanceof AuthError ? error : refused(error, call, issuer)
      }
    },
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof oauth.ResponseBodyError ? error.error : undefined
}

function refused(error: unknown, call: ToolCall, issuer: string): AuthError {
  const { signal } = call
  if (signal?.aborted) {
    return new AuthError('interaction_required', 'the caller left before the user had answered', {
      cause: error,
    })
  }
  const code = codeOf(error)
  if (code === 'expired_token') return noAnswer(call, error)
  if (code === 'access_denied') {
    const { error_description: why = 'the user said no' } = error as oauth.ResponseBodyError
    return new AuthError('access_denied', `${call.tool} was not approved: ${why}`, { cause: error })
  }
  return refusedBy(error, issuer)
}

function noAnswer({ tool }: ToolCall, cause?: unknown): AuthError {
  return new AuthError('interaction_required', `${tool} was not approved: no answer in time`, { cause })
}
