import type { Hop } from '../recorder/recorder.ts'
import { credentialHeaders } from '../sequence/credential-headers.ts'
import { pc } from './colours.ts'
import type { Part, PatternReport } from './pattern-report.ts'

/** What `--show` asks for, under a heading for each part. */
export function shownParts(report: PatternReport, parts: readonly Part[]): string[] {
  return parts.flatMap((part) => ['', pc.bold(headings[part]), ...renderers[part](report)])
}

const headings: Record<Part, string> = {
  tokens: 'Tokens, decoded (signatures are not shown)',
  hops: 'Hops, redacted',
  audit: 'Audit, one JSON line for each decision',
}

const renderers: Record<Part, (report: PatternReport) => string[]> = {
  tokens: ({ runner }) => tokens(runner.hops),
  hops: ({ runner }) => runner.hops.flatMap(hop),
  audit: ({ runner }) => runner.audit.map((record) => JSON.stringify(record)),
}

function tokens(hops: readonly Hop[]): string[] {
  const seen = new Set<string>()
  const lines: string[] = []
  for (const { from, to, tokens } of hops) {
    for (const { claims, fingerprint } of tokens) {
      if (seen.has(fingerprint)) continue
      seen.add(fingerprint)
      lines.push(`${from} → ${to}  ${fingerprint}`, `  ${JSON.stringify(claims)}`)
    }
  }
  return lines.length > 0 ? lines : ['this pattern sends no token']
}

function hop({ from, to, method, url, request, response, duration }: Hop): string[] {
  const headers = credentialHeaders(request.headers)
  const answer = response.headers['www-authenticate']
  return [
    `${pc.bold(`${from} → ${to}`)}  ${method} ${url}  ${response.status}  ${pc.dim(`${duration.toFixed(1)} ms`)}`,
    ...headers.map(([name, value]) => `    ${name}: ${value}`),
    ...(request.body ? [`    ${shorten(request.body)}`] : []),
    ...(answer ? [`  ← www-authenticate: ${answer}`] : []),
    ...(response.body ? [`  ← ${shorten(response.body)}`] : []),
  ]
}

function shorten(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line.length > 400 ? `${line.slice(0, 400)}… (${line.length} characters)` : line
}
