import { python } from '../../../measure/native/python.ts'
import type { ForeignServer } from '../foreign-server.ts'
import { bearerTokens } from './bearer-tokens.ts'
import { anyAudience, anyKey, anySignature, unasked } from './found-by.ts'

const file = 'fastmcp_server.py'

export const fastmcp: ForeignServer = {
  ...python(file),
  name: 'FastMCP',
  libraries: 'fastmcp 4.2.3, its JWTVerifier',
  path: '/mcp',
  lacks: {
    'issued-in-the-future': 'JWTVerifier does not look at `iat`, and has no setting for it',
    'bound-token-as-bearer': unasked['bound-token-as-bearer'],
    'malformed-expiry': 'JWTVerifier takes an `exp` of "" or null for none',
    'no-expiry': 'JWTVerifier checks `exp` where it is present, and has no setting that demands it',
    'logout-token-as-access-token': 'JWTVerifier does not look at `typ`, and has no setting for it',
    'scope-challenge':
      'JWTVerifier drops a token that lacks a required scope, so that it gets 401 invalid_token',
    'foreign-origin': 'the HTTP app checks no `Origin` unless a middleware of yours does',
    'foreign-host': 'the HTTP app checks no `Host` unless a middleware of yours does',
  },
  notApplicable: {
    ...bearerTokens,
  },
  mistakes: [
    {
      what: 'no audience',
      changes: [{ file, from: '    audience=f"{url}/mcp",\n', to: '' }],
      finds: anyAudience,
    },
    {
      what: 'no issuer',
      changes: [{ file, from: '    issuer=issuer,\n', to: '' }],
      finds: ['wrong-issuer-name'],
    },
    {
      what: 'no scope',
      changes: [{ file, from: '    required_scopes=["read"],\n', to: '' }],
      finds: ['missing-scope', 'id-token-as-access-token'],
    },
    {
      what: 'unverified decode',
      changes: [
        {
          file,
          from: 'verifier = JWTVerifier(',
          to: `class Decoder(JWTVerifier):
    async def verify_token(self, token):
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            return None
        return AccessToken(token=token, client_id="any", scopes=["read"], claims=claims)


verifier = Decoder(`,
        },
        {
          file,
          from: 'import sys\n',
          to: 'import sys\n\nimport jwt\nfrom fastmcp.server.auth import AccessToken\n',
        },
      ],
      finds: [
        ...anySignature,
        ...anyKey,
        ...anyAudience,
        'encoding-of-signature',
        'wrong-issuer-name',
        'expired',
        'not-yet-valid',
        'id-token-as-access-token',
        'missing-scope',
        'session-of-another',
        'keys-unavailable',
      ],
    },
  ],
}
