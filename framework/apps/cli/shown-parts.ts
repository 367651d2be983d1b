import { visible } from '@lab/contract'
import { keycloakEvents } from '../../ops/native-stack/keycloak-log.ts'
import type { IdentityProvider } from '../../parties/idp/index.ts'
import { pc } from '../../process/colours.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import { credentialHeaders } from '../../trace/sequence/credential-headers.ts'
import type { Part } from './pattern-report.ts'

/** The parts of a runner that are shown. */
interface Shown extends Pick<PatternRunner, 'hops' | 'audit'> {
  readonly pattern: { readonly name: string }
  readonly stack: { readonly idp: Pick<IdentityProvider, 'kind' | 'issuer' | 'metadataAt'> }
}

/** The parts that `--show` asks for, each under a heading. */
export async function shownParts(runner: Shown, parts: readonly Part[]): Promise<string[]> {
  const shown: string[] = []
  for (const part of parts) shown.push('', pc.bold(headings[part]), ...(await renderers[part](runner)))
  return shown
}

const headings: Record<Part, string> = {
  tokens: 'Tokens, decoded (signatures are not shown)',
  hops: 'Hops, redacted',
  audit: 'Audit, one JSON line for each decision',
}

const renderers: Record<Part, (runner: Shown) => string[] | Promise<string[]>> = {
  tokens: ({ hops }) => tokens(hops),
  hops: ({ hops }) => hops.flatMap(hop),
  audit,
}

/** The records of the run. What a Keycloak decided is in its own log: it is joined to them, or named. */
async function audit({ audit, hops, pattern, stack: { idp } }: Shown): Promise<string[]> {
  if (idp.kind === 'embedded') return audit.map((record) => JSON.stringify(record))
  const events = await keycloakEvents(idp, new Set(hops.map(({ trace }) => trace)))
  const decided = (events ?? []).map(({ time, trace, source: service, outcome: decision, ...event }) => ({
    time,
    trace,
    pattern: pattern.name,
    service,
    ...event,
    decision,
  }))
  const lines = [...audit, ...decided].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
  return [...lines.map((line) => JSON.stringify(line)), ...(events ? [] : [elsewhere])]
}

const elsewhere =
  'What Keycloak decided is in its own log. To join it: docker compose logs --no-log-prefix > stack.log && pnpm run audit last --log stack.log'

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
    ...headers.map(([name, value]) => `    ${name}: ${visible(value)}`),
    ...(request.body ? [`    ${shorten(request.body)}`] : []),
    ...(answer ? [`  ← www-authenticate: ${visible(answer)}`] : []),
    ...(response.body ? [`  ← ${shorten(response.body)}`] : []),
  ]
}

function shorten(text: string): string {
  const line = visible(text.replaceAll('\n', ' '))
  return line.length > 400 ? `${line.slice(0, 400)}… (${line.length} characters)` : line
}
