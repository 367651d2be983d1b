import type { TokenProfileName } from '../presets/token-profile.ts'

type Content = Readonly<Record<string, unknown>>

/** Tokens of one provider as its documentation shows them. Issuer and times are the test's. */
export interface ProviderTokens {
  readonly provider: string
  readonly profile: TokenProfileName
  /** The header parameters beside algorithm and key. */
  readonly header: Content
  readonly access: Content
  /** The ID token of the same sign-in, whose header is the same where the provider does not tell them apart. */
  readonly id: Content & { readonly typ?: never }
}

const person = { name: 'Alice', preferred_username: 'alice@example.com' }
const entra = {
  oid: 'sub-of-alice',
  sub: 'pairwise-subject',
  tid: '72f988bf-0000-0000-0000-2d7cd011db47',
  uti: 'token-1',
  aio: 'opaque',
  rh: 'opaque',
}

/** One for each form that `docs/providers.md` calls tested. `sub-of-alice` stands for the id that the provider gave her. */
export const providerTokens: readonly ProviderTokens[] = [
  {
    provider: 'Keycloak',
    profile: 'keycloak',
    header: { typ: 'at+jwt' },
    access: {
      sub: 'sub-of-alice',
      aud: 'expenses',
      azp: 'the-client',
      scope: 'expenses:read openid',
      jti: 'token-1',
    },
    id: { sub: 'sub-of-alice', aud: 'expenses', azp: 'expenses', jti: 'token-2', at_hash: 'x', sid: 's' },
  },
  {
    provider: 'RFC 9068: Auth0 with that profile, PingFederate set up so',
    profile: 'rfc9068',
    header: { typ: 'at+jwt' },
    access: {
      sub: 'sub-of-alice',
      aud: ['expenses', 'https://tenant.example/userinfo'],
      client_id: 'the-client',
      scope: 'openid expenses:read',
      jti: 'token-1',
    },
    id: { sub: 'sub-of-alice', aud: 'expenses', nonce: 'n', sid: 's', ...person },
  },
  {
    provider: 'Okta',
    profile: 'okta',
    header: { typ: undefined },
    access: {
      ver: 1,
      jti: 'AT.token-1',
      aud: 'expenses',
      sub: 'alice@example.com',
      uid: 'sub-of-alice',
      cid: 'the-client',
      scp: ['openid', 'expenses:read'],
    },
    id: {
      ver: 1,
      jti: 'ID.token-2',
      aud: 'expenses',
      sub: 'sub-of-alice',
      uid: 'sub-of-alice',
      at_hash: 'x',
      ...person,
    },
  },
  {
    provider: 'Auth0',
    profile: 'auth0',
    header: { typ: 'JWT' },
    access: {
      sub: 'sub-of-alice',
      aud: ['expenses', 'https://tenant.example/userinfo'],
      azp: 'the-client',
      scope: 'openid expenses:read',
    },
    id: { sub: 'sub-of-alice', aud: 'expenses', nonce: 'n', sid: 's', ...person },
  },
  {
    provider: 'Entra ID, v2.0',
    profile: 'entra-v2',
    header: { typ: 'JWT' },
    access: { ...entra, ver: '2.0', aud: 'expenses', azp: 'the-client', azpacr: '0', scp: 'expenses:read' },
    id: { ...entra, ver: '2.0', aud: 'expenses', nonce: 'n', ...person },
  },
  {
    provider: 'Entra ID, v1.0',
    profile: 'entra-v1',
    header: { typ: 'JWT' },
    access: {
      ...entra,
      ver: '1.0',
      aud: 'api://expenses',
      appid: 'the-client',
      appidacr: '0',
      scp: 'expenses:read',
    },
    id: { ...entra, ver: '1.0', aud: 'api://expenses', nonce: 'n', ...person },
  },
  {
    provider: 'Amazon Cognito',
    profile: 'cognito',
    header: { typ: undefined },
    access: {
      sub: 'sub-of-alice',
      client_id: 'expenses',
      token_use: 'access',
      scope: 'openid expenses:read',
      username: 'alice',
      version: 2,
      origin_jti: 'opaque',
      event_id: 'opaque',
      jti: 'token-1',
    },
    id: {
      sub: 'sub-of-alice',
      aud: 'expenses',
      token_use: 'id',
      'cognito:username': 'alice',
      jti: 'token-2',
      ...person,
    },
  },
]
