import type { ForeignServer, ServerMistake } from '../foreign-server.ts'
import { bearerTokens } from './bearer-tokens.ts'
import { anyAudience, anyKey, anySignature, unasked } from './found-by.ts'

const typescript = (file: string) =>
  ({
    folder: 'docs/probe/typescript',
    needs: { 'Node.js': { version: ['node', '--version'], at: 'https://nodejs.org' } },
    dependencyFiles: ['package.json', 'pnpm-lock.yaml'],
    install: [
      ['npx', '-y', 'pnpm@10', 'install', '--ignore-workspace', '--frozen-lockfile', '--prefer-offline'],
    ],
    build: [['ln', '-s', '{deps}/node_modules', 'node_modules']],
    start: ['node', '--import', 'tsx', file],
    path: '/mcp',
  }) as const satisfies Partial<ForeignServer>

const file = 'verify.ts'

/** The mistakes in the token verifier, which both have. */
const inVerifier: readonly ServerMistake[] = [
  {
    what: 'no audience',
    changes: [{ file, from: '      audience,\n', to: '' }],
    finds: anyAudience,
  },
  {
    what: 'no expiry',
    changes: [
      {
        file,
        from: "requiredClaims: ['exp', 'sub'],",
        to: "requiredClaims: ['sub'], currentDate: new Date(0),",
      },
      { file, from: 'expiresAt: payload.exp,', to: 'expiresAt: Date.now() / 1000 + 3600,' },
    ],
    finds: ['expired', 'no-expiry', 'duplicate-claims'],
  },
  {
    what: 'unverified decode',
    changes: [
      {
        file,
        from: 'const { payload } = await jwtVerify(token, keys, {',
        to: 'const payload = decodeJwt(token)\n    void ({',
      },
      { file, from: 'createRemoteJWKSet, jwtVerify', to: 'createRemoteJWKSet, decodeJwt' },
      { file, from: 'expiresAt: payload.exp,', to: 'expiresAt: Date.now() / 1000 + 3600,' },
    ],
    finds: [
      ...anySignature,
      ...anyKey,
      ...anyAudience,
      'wrong-issuer-name',
      'expired',
      'no-expiry',
      'malformed-expiry',
      'not-yet-valid',
      'logout-token-as-access-token',
      'unknown-critical-header',
      'keys-unavailable',
    ],
  },
]

export const typescriptSdk1: ForeignServer = {
  ...typescript('v1_server.ts'),
  name: 'TypeScript SDK 1',
  libraries: '@modelcontextprotocol/sdk 1.32.2, jose 6.2.18',
  lacks: {
    ...unasked,
    'session-of-another': 'its examples find a session by its id alone, and do not compare who opened it',
    'foreign-origin': 'createMcpExpressApp checks `Host`, and no `Origin`',
  },
  notApplicable: {
    ...bearerTokens,
  },
  mistakes: [
    ...inVerifier,
    {
      what: 'session as authentication',
      changes: [
        {
          file: 'v1_server.ts',
          from: "app.post('/mcp', auth, async (request, response) => {",
          to: `const known = new Map<string, any>()
app.use('/mcp', (request, response, next) => {
  request.auth = known.get(request.header('mcp-session-id') ?? '')
  request.auth ? next() : auth(request, response, next)
})
app.post('/mcp', async (request, response) => {`,
        },
        {
          file: 'v1_server.ts',
          from: 'onsessioninitialized: (session) => void transports.set(session, opened),',
          to: `onsessioninitialized: (session) => {
        transports.set(session, opened)
        if (request.auth) known.set(session, request.auth)
      },`,
        },
      ],
      finds: ['session-as-credential'],
    },
    {
      what: 'Host unchecked',
      changes: [
        {
          file: 'v1_server.ts',
          from: 'createMcpExpressApp()',
          to: "createMcpExpressApp({ host: '0.0.0.0' })",
        },
      ],
      finds: ['foreign-host'],
    },
  ],
}

export const typescriptSdk2: ForeignServer = {
  ...typescript('v2_server.ts'),
  name: 'TypeScript SDK 2',
  libraries: '@modelcontextprotocol/server 2.4.0, jose 6.2.18',
  lacks: { ...unasked },
  notApplicable: {
    ...bearerTokens,
    'session-as-credential': 'it keeps no session',
    'session-of-another': 'it keeps no session',
  },
  mistakes: [
    ...inVerifier,
    {
      what: 'Origin unchecked',
      changes: [
        {
          file: 'v2_server.ts',
          from: 'createMcpExpressApp()',
          to: "createMcpExpressApp({ host: '0.0.0.0' })",
        },
      ],
      finds: ['foreign-origin', 'foreign-host'],
    },
  ],
}
