import { python } from '../../../measure/native/python.ts'
import type { ForeignServer } from '../foreign-server.ts'
import { bearerTokens } from './bearer-tokens.ts'
import { anyAudience, anySignature, unasked } from './found-by.ts'

const file = 'sdk_server.py'
const required = '"require": ["exp", "iss", "aud", "sub"]'

export const pythonSdk: ForeignServer = {
  ...python(file),
  name: 'Python SDK',
  libraries: 'mcp 2.3.0, PyJWT 2.15.1',
  path: '/mcp',
  lacks: {
    'encoding-of-signature': unasked['encoding-of-signature'],
    'bound-token-as-bearer': unasked['bound-token-as-bearer'],
  },
  notApplicable: {
    ...bearerTokens,
  },
  mistakes: [
    {
      what: 'no audience',
      changes: [
        { file, from: '                audience=resource,\n', to: '' },
        { file, from: required, to: '"require": ["exp", "iss", "sub"], "verify_aud": False' },
      ],
      finds: anyAudience,
    },
    {
      what: 'no expiry',
      changes: [
        { file, from: required, to: '"require": ["iss", "aud", "sub"], "verify_exp": False' },
        { file, from: '            expires_at=claims.get("exp"),\n', to: '' },
      ],
      finds: ['expired', 'no-expiry', 'malformed-expiry', 'duplicate-claims'],
    },
    {
      what: 'unverified decode',
      changes: [{ file, from: required, to: '"verify_signature": False' }],
      finds: [
        ...anySignature,
        ...anyAudience,
        'wrong-issuer-name',
        'no-expiry',
        'malformed-expiry',
        'issued-in-the-future',
        'not-yet-valid',
      ],
    },
    {
      what: 'Origin unchecked',
      changes: [
        {
          file,
          from: 'mcp.run("streamable-http", host="127.0.0.1", port=port)',
          to: `from mcp.server.transport_security import TransportSecuritySettings

mcp.run(
    "streamable-http",
    host="127.0.0.1",
    port=port,
    transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
)`,
        },
      ],
      finds: ['foreign-origin', 'foreign-host'],
    },
  ],
}
