import { type AskedFor, AuthError, type ToolName } from '@lab/contract'
import type { Context } from 'hono'
import type { ServiceEnv } from './service-deps.ts'

/**
 * Reads what a request asks for: each parameter of path and query and each field of the body, by its name. The body
 * stays readable for others.
 * @throws {AuthError} `access_denied` for a body that is no JSON object, or a name that is there twice
 */
export async function askedFor(tool: ToolName, c: Context<ServiceEnv>): Promise<AskedFor> {
  const fields = [
    ...Object.entries(c.req.param()),
    ...new URL(c.req.url).searchParams,
    ...Object.entries(await bodyOf(c.req.raw)),
  ]
  const names = fields.map(([name]) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new AuthError('access_denied', 'an argument is there twice')
  return { tool, args: Object.fromEntries(fields) }
}

async function bodyOf(request: Request): Promise<object> {
  const text = await request.clone().text()
  if (text === '') return {}
  const body = parsed(text)
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  throw new AuthError('access_denied', 'the body is no JSON object, so no approval can be compared with it')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
