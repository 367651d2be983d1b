import type { Request, Response } from 'express'
import { Call } from './call.ts'
import { write } from './lab.ts'
import { pattern } from './patterns.ts'
import { Refused } from './refused.ts'

type Work = (call: Call) => Promise<{ status: number; body: object; recorded?: boolean }>

/** An operation. Nobody is answered before the record is written: neither with rows nor with a refusal. */
export const operation =
  (tool: string, action: string, work: Work) => async (request: Request, response: Response) => {
    const traceparent = request.get('traceparent')
    const entry: Record<string, unknown> = {
      tool,
      action,
      resources: [],
      decision: 'deny',
      decidedBy: 'nobody',
    }
    try {
      const { method, path, headers } = request
      const proof = request.get('dpop')
      const caller = await pattern.identify({ authorization: headers.authorization, proof, method, path })
      const { user, client, scopes, actors, jti } = caller
      Object.assign(entry, { user, client, scopes, actors, jti })
      const call = new Call(request, caller, entry)
      const { status, body, recorded } = await work(call)
      if (!recorded) await write('/records', call.recordOf(status), traceparent)
      response.status(status).json(body)
    } catch (error) {
      const { status, code, message } =
        error instanceof Refused ? error : new Refused(500, 'internal_error', 'unexpected')
      const reason = String(entry.reason ?? message)
      // What was permitted and had nothing to change stays permitted.
      const decision = status >= 500 ? 'error' : status === 409 ? entry.decision : 'deny'
      await write('/records', { ...entry, decision, reason, status }, traceparent).catch(() =>
        response.status(503),
      )
      // RFC 9110 section 15.5.2: a 401 names the scheme; RFC 6750 section 3.1: and what was wrong.
      if (status === 401)
        response.set('www-authenticate', `${pattern.scheme} realm="expenses", error="${code}"`)
      if (response.statusCode !== 503) response.status(status)
      response.json({ error: code, reason: message })
    }
  }
