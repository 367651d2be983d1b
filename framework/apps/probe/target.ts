import { isLoopback } from '@lab/contract'
import { z } from 'zod'
import { UserError } from '../../process/user-error.ts'

/** The answer by which an honest call is known. */
const expectation = z.strictObject({
  /** A text that stands in the honest answer, and in no refusal. */
  text: z.string().min(1).optional(),
})

const user = z.strictObject({
  /** Claims of the user's token beside the registered ones. Default: `sub` is the user's name. */
  claims: z.record(z.string(), z.unknown()).default({}),
  /** A token from the person's own IdP, or `@file` with one. */
  token: z.string().min(1).optional(),
  expect: expectation.default({}),
})

/** A server under test: where it is, which harmless call it is known by, and whom it knows. */
export const targetSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** A tool of an MCP server that is harmless to call. */
  tool: z.string().min(1).optional(),
  /** The tool's arguments. */
  arguments: z.record(z.string(), z.unknown()).default({}),
  /** Without a tool the target is an HTTP API, and this is the harmless request. */
  method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
  body: z.string().optional(),
  /** The audience that the server demands. Default: its URL (RFC 8707). */
  audience: z.string().min(1).optional(),
  /** The scopes that an honest token carries, space-separated. */
  scope: z.string().default(''),
  /** The strength of the sign-in that the call needs (RFC 9470): honest tokens name it. */
  acr: z.string().min(1).optional(),
  /** `DPoP`: each token is bound to a key, and each request carries a proof of it (RFC 9449). */
  scheme: z.enum(['Bearer', 'DPoP']).default('Bearer'),
  /** An API of the probe, which the server under test is pointed at: does the client's token arrive there? */
  canary: z
    .strictObject({ port: z.number().int().min(1).max(65_535), answer: z.string().default('{}') })
    .optional(),
  /** The header of an honest token. */
  typ: z.string().default('at+jwt'),
  /** A Keycloak export with the users. Default: `sub` is the user's name. */
  realm: z.string().min(1).optional(),
  users: z
    .record(z.string(), user)
    .default({ alice: { claims: {}, expect: {} }, dave: { claims: {}, expect: {} } }),
  /** The key set of the IdP that made the users' tokens: a URL, or `@file`. */
  jwks: z.string().min(1).optional(),
  /** A certificate authority that Node does not know: a PEM file, and once it is read, what stands in it. */
  ca: z.string().min(1).optional(),
  /** For one request, in ms. */
  timeout: z.number().int().min(100).max(120_000).default(10_000),
  /** The most requests that one run sends. */
  maxRequests: z.number().int().min(1).max(10_000).default(500),
})

export type Target = z.infer<typeof targetSchema>

/**
 * Refuses a host that is not this machine, unless the person has named it: attacks go to nobody by mistake.
 * @param owned the host that the person says is theirs
 * @throws {UserError}
 */
export function checkHost(url: string, owned: string | undefined): void {
  const { hostname } = new URL(url)
  if (isLoopback(hostname) || hostname === owned) return
  throw new UserError(
    `${hostname} is not this machine: if you may attack it, say so with --i-own-this-host ${hostname}`,
  )
}
