import { python } from '../../../measure/native/python.ts'
import type { ForeignServer } from '../foreign-server.ts'
import { bearerTokens } from './bearer-tokens.ts'
import { anyAudience, anySignature, unasked } from './found-by.ts'
import { httpApi } from './http-api.ts'

const file = 'fastapi_server.py'
const required = '"require": ["exp", "iss", "aud", "sub"]'

export const fastapi: ForeignServer = {
  ...python(file),
  name: 'FastAPI',
  libraries: 'fastapi 0.165.0, PyJWT 2.15.1, not MCP',
  path: '/rows',
  lacks: {
    'encoding-of-signature': unasked['encoding-of-signature'],
    'bound-token-as-bearer': unasked['bound-token-as-bearer'],
  },
  notApplicable: {
    ...bearerTokens,
    ...httpApi,
  },
  mistakes: [
    {
      what: 'no audience',
      changes: [
        { file, from: '            audience=f"http://127.0.0.1:{port}/rows",\n', to: '' },
        { file, from: required, to: '"require": ["exp", "iss", "sub"], "verify_aud": False' },
      ],
      finds: anyAudience,
    },
    {
      what: 'no expiry',
      changes: [{ file, from: required, to: '"require": ["iss", "aud", "sub"], "verify_exp": False' }],
      finds: ['expired', 'no-expiry', 'malformed-expiry', 'duplicate-claims'],
    },
    {
      what: 'unverified decode',
      changes: [{ file, from: required, to: '"verify_signature": False' }],
      finds: [
        ...anySignature,
        ...anyAudience,
        'wrong-issuer-name',
        'expired',
        'no-expiry',
        'malformed-expiry',
        'issued-in-the-future',
        'not-yet-valid',
      ],
    },
    {
      what: 'no scope',
      changes: [
        {
          file,
          from: `    if "read" not in claims.get("scope", "").split():
        raise refusal(403, "insufficient_scope")
`,
          to: '',
        },
      ],
      finds: ['missing-scope'],
    },
  ],
}
