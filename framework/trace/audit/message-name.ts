import { tools } from '@lab/contract'
import { z } from 'zod'

/** As much of a JSON-RPC message as names it. */
export const NamedMessage = z.object({
  method: z.string(),
  params: z.object({ name: z.unknown() }).partial().optional(),
})

/** The methods of the Model Context Protocol, from 2025-03-26 to 2026-07-28. */
const methods = new Set([
  'completion/complete',
  'elicitation/create',
  'initialize',
  'logging/setLevel',
  'notifications/cancelled',
  'notifications/initialized',
  'notifications/progress',
  'notifications/roots/list_changed',
  'ping',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'resources/templates/list',
  'resources/unsubscribe',
  'roots/list',
  'sampling/createMessage',
  'server/discover',
  'subscriptions/listen',
  'tasks/cancel',
  'tasks/get',
  'tasks/list',
  'tasks/result',
  'tools/call',
  'tools/list',
])

/**
 * A message's method, with the tool that it calls. A method or tool that there is not is `other`: its name is whatever
 * a stranger likes, and this one stands in logs.
 */
export function nameOfMessage({ method, params }: z.infer<typeof NamedMessage>): string {
  if (!methods.has(method)) return 'other'
  if (method !== 'tools/call') return method
  const { name } = params ?? {}
  return `${method} ${typeof name === 'string' && Object.hasOwn(tools, name) ? name : 'other'}`
}
