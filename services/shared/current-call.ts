import type { Identity } from '@lab/contract'
import type { Context } from 'hono'
import type { ServiceCall, ServiceEnv } from './service-deps.ts'

/** The caller of an operation. */
export function identityOf(c: Context<ServiceEnv>): Identity {
  const { identity } = callOf(c)
  if (!identity) throw new Error('an operation was reached without its middleware')
  return identity
}

/** The call that the middleware of its operation opened. */
export function callOf(c: Context<ServiceEnv>): ServiceCall {
  const { call } = c.var
  if (!call) throw new Error('an operation was reached without its middleware')
  return call
}
