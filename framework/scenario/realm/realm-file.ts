import { roles } from '@lab/contract'
import * as z from 'zod'

/**
 * The parts of a Keycloak realm file that this project uses, with Keycloak's defaults for what is left out.
 * Everything else in the file is Keycloak's own business and passes through unread.
 */
const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
const seconds = z.coerce.number().int().positive()
const name = z.string().min(1)

const target = {
  'access.token.claim': flag.default(false),
  'id.token.claim': flag.default(false),
}

/** The mappers that the embedded IdP understands. Any other one is refused: a claim would silently be missing. */
export const protocolMapper = z.discriminatedUnion('protocolMapper', [
  z.object({ protocolMapper: z.literal('oidc-sub-mapper'), config: z.object(target) }),
  z.object({
    protocolMapper: z.literal('oidc-usersessionmodel-note-mapper'),
    config: z.object({ ...target, 'user.session.note': z.literal('AUTH_TIME'), 'claim.name': name }),
  }),
  z.object({
    protocolMapper: z.literal('oidc-usermodel-realm-role-mapper'),
    config: z.object({ ...target, 'claim.name': name, multivalued: z.literal('true') }),
  }),
  z.object({ protocolMapper: z.literal('oidc-acr-mapper'), config: z.object(target) }),
  z.object({
    protocolMapper: z.literal('oidc-audience-mapper'),
    config: z.object({ ...target, 'included.client.audience': name }),
  }),
  z.object({
    protocolMapper: z.literal('oidc-hardcoded-claim-mapper'),
    config: z.object({
      ...target,
      'claim.name': name,
      'claim.value': z.string().transform(parseJson),
      'jsonType.label': z.literal('JSON'),
    }),
  }),
])
export type ProtocolMapper = z.infer<typeof protocolMapper>

const clientScope = z.object({
  name,
  attributes: z
    .object({
      'include.in.token.scope': flag.default(true),
      'display.on.consent.screen': flag.default(true),
    })
    .prefault({}),
  protocolMappers: z.array(protocolMapper).default([]),
})

const otpCredential = z.object({
  type: z.literal('otp'),
  secretData: z
    .string()
    .transform(parseJson)
    .pipe(z.object({ value: name })),
})

const user = z.object({
  id: z.uuid(),
  username: name,
  enabled: z.boolean().default(false),
  credentials: z.tuple([z.object({ type: z.literal('password'), value: name }), otpCredential.optional()]),
  realmRoles: z.array(z.enum(roles)).default([]),
  attributes: z.object({
    department: z.tuple([name]),
    reports_to: z.tuple([name]).optional(),
  }),
})

const client = z.object({
  clientId: name,
  enabled: z.boolean().default(true),
  publicClient: z.boolean().default(false),
  bearerOnly: z.boolean().default(false),
  clientAuthenticatorType: z.enum(['client-secret', 'client-jwt']).default('client-secret'),
  secret: name.optional(),
  standardFlowEnabled: z.boolean().default(true),
  serviceAccountsEnabled: z.boolean().default(false),
  consentRequired: z.boolean().default(false),
  fullScopeAllowed: z.literal(true).optional(),
  redirectUris: z.array(z.url()).default([]),
  webOrigins: z
    .array(z.string().refine(isOrigin, 'not an origin, such as http://127.0.0.1:3600'))
    .default([]),
  attributes: z
    .object({
      'access.token.lifespan': seconds.optional(),
      'jwks.string': z
        .string()
        .transform(parseJson)
        .pipe(z.object({ keys: z.array(z.looseObject({ kty: name })).min(1) }))
        .optional(),
      // Not Keycloak's, which passes it through.
      'agent-auth.workload.subject': name.optional(),
      'access.token.header.type.rfc9068': flag.default(false),
      'pkce.code.challenge.method': z.literal('S256').optional(),
      'standard.token.exchange.enabled': flag.default(false),
      'oidc.ciba.grant.enabled': flag.default(false),
      'use.refresh.tokens': flag.default(true),
    })
    .prefault({}),
  defaultClientScopes: z.array(name).default([]),
  optionalClientScopes: z.array(name).default([]),
})

export const realmFile = z.object({
  realm: name,
  accessTokenLifespan: seconds.default(300),
  ssoSessionIdleTimeout: seconds.default(1800),
  ssoSessionMaxLifespan: seconds.default(36_000),
  revokeRefreshToken: z.boolean().default(false),
  bruteForceProtected: z.boolean().default(false),
  failureFactor: z.int().min(1).default(30),
  attributes: z
    .object({
      'acr.loa.map': z.string().default('{}').transform(parseJson).pipe(z.record(name, z.int())),
      // Not Keycloak's, which passes it through: its feature `resource-indicators` is experimental.
      'agent-auth.resource.indicators': flag.default(false),
    })
    .prefault({}),
  users: z.array(user).min(1),
  clients: z.array(client).min(1),
  clientScopes: z.array(clientScope),
})
export type RealmFile = z.infer<typeof realmFile>

/** Neither Keycloak's `*` nor its `+` (the origins of the redirect URIs): who may read answers is written out. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON, though Keycloak reads it as that' })
    return z.NEVER
  }
}
