import type { Language } from '../language.ts'

export const typescript: Language = {
  name: 'TypeScript',
  folder: 'docs/take-home/typescript',
  libraries: 'Express, jose',
  source: /\.ts$/,
  needs: { 'Node.js': { version: ['node', '--version'], at: 'https://nodejs.org' } },
  dependencyFiles: ['package.json', 'pnpm-lock.yaml'],
  install: [
    ['npx', '-y', 'pnpm@10', 'install', '--ignore-workspace', '--frozen-lockfile', '--prefer-offline'],
  ],
  build: [
    ['ln', '-s', '{deps}/node_modules', 'node_modules'],
    ['node', 'node_modules/typescript/bin/tsc'],
  ],
  start: ['node', '--import', 'tsx', 'service.ts'],
  mistakes: [
    {
      what: 'no audience',
      file: 'patterns.ts',
      from: "tokenFrom(authorization, 'Bearer'), AUDIENCE)",
      to: "tokenFrom(authorization, 'Bearer'))",
      pattern: 'p06',
      noticedBy: 'misaddressed-token',
    },
    {
      what: 'a proof counts twice',
      file: 'dpop-proof.ts',
      from: 'if (seen.has(key)) return false',
      to: '',
      pattern: 'p08',
      noticedBy: 'dpop-replayed-jti',
    },
  ],
}
