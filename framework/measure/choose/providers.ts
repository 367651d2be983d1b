import { type Answer, type Capability, capabilityNames } from './capabilities.ts'

/** An identity provider, by its documentation and by docs/providers.md. */
export interface Provider {
  readonly name: string
  /** Its capabilities, each with the setting that gives it, or with what is not known. */
  readonly can: Readonly<Record<Capability, readonly [Answer, how: string]>>
  /** The pages that say so. */
  readonly sources: readonly string[]
  readonly remark?: string
}

export const providers = {
  okta: {
    name: 'Okta',
    can: {
      jwt: ['yes', 'custom authorization server; `TOKEN_PROFILE=okta`'],
      scopes: ['yes', 'on the custom authorization server; in `scp`'],
      exchange: ['yes', 'On-Behalf-Of Token Exchange; needs the API Access Management licence'],
      act: ['unknown', 'its guide shows no `act` claim; the client is in `cid`'],
      dpop: ['yes', '"Require DPoP header in token requests" on the app'],
    },
    sources: [
      'https://developer.okta.com/docs/guides/set-up-token-exchange/main/',
      'https://support.okta.com/help/s/article/on-behalf-of-token-exchange-requires-use-of-two-custom-authorization-servers',
      'https://developer.okta.com/docs/guides/dpop/nonoktaresourceserver/main/',
    ],
  },
  entra: {
    name: 'Entra ID',
    can: {
      jwt: ['yes', 'v2.0 tokens; `TOKEN_PROFILE=entra-v2`'],
      scopes: ['yes', "delegated permissions that the API's registration exposes; in `scp`"],
      exchange: ['own', 'its own on-behalf-of grant: `jwt-bearer` with `requested_token_use=on_behalf_of`'],
      act: ['no', 'the client claim (`azp`) names the middle tier'],
      dpop: ['no', 'it has proof-of-possession tokens of its own'],
    },
    sources: ['https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow'],
    remark:
      'The lab does not carry out the on-behalf-of grant: the attacks are those measured with RFC 8693.',
  },
  auth0: {
    name: 'Auth0',
    can: {
      jwt: ['yes', 'with the RFC 9068 profile `TOKEN_PROFILE=rfc9068`, else `auth0`'],
      scopes: ['yes', 'permissions of the API; in `scope`'],
      exchange: ['yes', 'Custom Token Exchange: a profile and an Action; depends on the plan'],
      act: [
        'own',
        "set by that Action; its documentation shows `act` in ID tokens, so check your access token's",
      ],
      dpop: ['yes', 'sender constraining, on the application and on the API; depends on the plan'],
    },
    sources: [
      'https://auth0.com/docs/get-started/authentication-and-authorization-flow/token-exchange-flow/call-your-api-using-the-custom-token-exchange-flow',
      'https://auth0.com/docs/customize/actions/explore-triggers/custom-token-exchange',
      'https://auth0.github.io/auth0-spa-js/interfaces/ActClaim.html',
      'https://auth0.com/docs/secure/sender-constraining',
    ],
  },
  keycloak: {
    name: 'Keycloak',
    can: {
      jwt: ['yes', 'by default; `at+jwt` by a client attribute'],
      scopes: ['yes', 'optional client scopes'],
      exchange: ['yes', 'standard token exchange, switched on for the client'],
      act: ['own', 'a hardcoded claim on an optional client scope; real delegation is a preview of 26.8'],
      dpop: ['yes', 'since 26.4; a client attribute'],
    },
    sources: [
      'https://www.keycloak.org/securing-apps/token-exchange',
      'https://www.keycloak.org/securing-apps/dpop',
    ],
    remark:
      'Every pattern was run on Keycloak 26.7, and every attack with it: see parity.md and real-stack.md.',
  },
  cognito: {
    name: 'Amazon Cognito',
    can: {
      jwt: ['yes', '`TOKEN_PROFILE=cognito`; no `aud` unless the request binds a resource'],
      scopes: ['yes', 'custom scopes of a resource server'],
      exchange: ['no', 'its token endpoint serves authorization code, client credentials and refresh'],
      act: ['no', 'without an exchange there is no token to put it into'],
      dpop: ['no', 'its documentation names none'],
    },
    sources: [
      'https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html',
      'https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html',
    ],
    remark: 'An authorization server of your own between Cognito and the services could exchange tokens.',
  },
  'api-key': {
    name: 'an API key is all we have',
    can: {
      jwt: ['no', 'no identity provider'],
      scopes: ['no', 'no identity provider'],
      exchange: ['no', 'no identity provider'],
      act: ['no', 'no identity provider'],
      dpop: ['no', 'no identity provider'],
    },
    sources: [],
    remark:
      'Give each user a key, put it in behind the model, and change it often. Then ask for an identity provider.',
  },
} as const satisfies Record<string, Provider>

export type ProviderId = keyof typeof providers
export const providerIds = Object.keys(providers) as ProviderId[]

/** A provider of which nothing is known but what a reader says. */
export function otherProvider(can: readonly Capability[]): Provider {
  const answers = capabilityNames.map((name) => [name, [can.includes(name) ? 'yes' : 'no', 'as you said']])
  return { name: 'your provider', can: Object.fromEntries(answers), sources: [] }
}
