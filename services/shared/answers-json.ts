import type { MiddlewareHandler } from 'hono'
import { parseAccept } from 'hono/utils/accept'
import { errorResponse } from './error-response.ts'

const json = 'application/json'

/** Refuses a request that asks for something other than JSON (RFC 9110 section 15.5.7): it would not get that. */
export const answersJson: MiddlewareHandler = async (c, next) => {
  const accept = c.req.header('accept')
  if (accept === undefined || acceptsJson(accept)) return next()
  return errorResponse(406, 'not_acceptable', `the answers here are ${json}`)
}

/** The most specific range decides (RFC 9110 section 12.5.1); a `q` of 0 excludes. */
function acceptsJson(accept: string): boolean {
  const ranges = parseAccept(accept)
  const range = [json, 'application/*', '*/*']
    .map((type) => ranges.find((each) => each.type.toLowerCase() === type))
    .find((found) => found !== undefined)
  return (range?.q ?? 0) > 0
}
