import type { ForeignServer } from '../foreign-server.ts'
import { bearerTokens } from './bearer-tokens.ts'
import { anyAudience, anyKey, anySignature, unasked } from './found-by.ts'

const file = 'main.go'

export const goSdk: ForeignServer = {
  name: 'Go SDK',
  libraries: 'go-sdk 1.8.0, golang-jwt 5.3.1, keyfunc 3.9.2',
  folder: 'docs/probe/go',
  needs: { Go: { version: ['go', 'version'], at: 'https://go.dev/doc/install' } },
  dependencyFiles: ['go.mod', 'go.sum'],
  install: [['go', 'mod', 'download']],
  build: [['go', 'build', '-o', 'server', '.']],
  start: ['./server'],
  path: '/mcp',
  lacks: {
    ...unasked,
    'scope-challenge': 'RequireBearerToken answers 403 with `resource_metadata`, and names no error',
    'foreign-origin': 'its handler checks `Host`; `CrossOriginProtection` is an option that is off',
    'rotated-key':
      'keyfunc fetches the key set for an unknown key once in five minutes, and the probe has used that up',
  },
  notApplicable: {
    ...bearerTokens,
  },
  mistakes: [
    {
      what: 'no audience',
      changes: [{ file, from: '\t\t\tjwt.WithAudience(resource),\n', to: '' }],
      finds: anyAudience,
    },
    {
      what: 'no expiry',
      changes: [
        { file, from: '\t\t\tjwt.WithExpirationRequired(),\n', to: '' },
        { file, from: 'c.ExpiresAt.Time', to: 'time.Now().Add(time.Hour)' },
        { file, from: '\t"strings"\n', to: '\t"strings"\n\t"time"\n' },
      ],
      finds: ['no-expiry', 'malformed-expiry'],
    },
    {
      what: 'unverified decode',
      changes: [
        {
          file,
          from: `token, err := jwt.ParseWithClaims(text, &c, keys.Keyfunc,
\t\t\tjwt.WithValidMethods([]string{"ES256"}),
\t\t\tjwt.WithIssuer(issuer),
\t\t\tjwt.WithAudience(resource),
\t\t\tjwt.WithExpirationRequired(),
\t\t)
\t\tif err != nil || token.Header["typ"] != "at+jwt" || token.Header["crit"] != nil {`,
          to: `_, _, err := jwt.NewParser().ParseUnverified(text, &c)
\t\tif err != nil {`,
        },
        { file, from: 'c.ExpiresAt.Time', to: 'time.Now().Add(time.Hour)' },
        { file, from: '\t"strings"\n', to: '\t"strings"\n\t"time"\n' },
        { file, from: 'keys, err := keyfunc', to: '_, err := keyfunc' },
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
    {
      what: 'session as authentication',
      changes: [
        {
          file,
          from: 'http.Handle("/mcp", gate(handler))',
          to: `var known sync.Map
\thttp.HandleFunc("/mcp", func(w http.ResponseWriter, r *http.Request) {
\t\theaders := r.Header
\t\tif of, ok := known.Load(headers.Get("Mcp-Session-Id")); ok && headers.Get("Authorization") == "" {
\t\t\theaders.Set("Authorization", of.(string))
\t\t}
\t\tgate(handler).ServeHTTP(w, r)
\t\tknown.LoadOrStore(w.Header().Get("Mcp-Session-Id"), headers.Get("Authorization"))
\t})`,
        },
        { file, from: '\t"strings"\n', to: '\t"strings"\n\t"sync"\n' },
      ],
      finds: ['session-as-credential'],
    },
  ],
}
