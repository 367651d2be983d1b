import type { Language } from '../language.ts'

export const go: Language = {
  name: 'Go',
  folder: 'docs/take-home/go',
  libraries: 'net/http, jwx',
  source: /\.go$/,
  needs: { Go: { version: ['go', 'version'], at: 'https://go.dev/doc/install' } },
  dependencyFiles: ['go.mod', 'go.sum'],
  install: [['go', 'mod', 'download']],
  build: [['go', 'build', '-o', 'expenses', '.']],
  start: ['./expenses'],
  mistakes: [
    {
      what: 'no audience',
      file: 'accesstoken.go',
      from: 'case audience != "" && !slices.Contains(claims.audiences, audience):',
      to: 'case audience != "" && len(claims.audiences) == 0 && slices.Contains(claims.audiences, audience):',
      pattern: 'p06',
      noticedBy: 'misaddressed-token',
    },
    {
      what: 'a proof counts twice',
      file: 'replay.go',
      from: 'if _, used := seen.until[key]; used {',
      to: 'if _, used := seen.until[key]; used && key == "" {',
      pattern: 'p08',
      noticedBy: 'dpop-replayed-jti',
    },
  ],
}
