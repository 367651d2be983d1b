import type { Hop } from '../recorder/recorder.ts'
import { pc } from './colours.ts'
import { credentialHeaders } from './shown-parts.ts'
import { columns } from './terminal.ts'

/** The way of one call, hop by hop: who sent what to whom, and what was answered. Model turns are left out. */
export function oneCall(hops: readonly Hop[]): string[] {
  const rows = hops.filter(isTelling).map((hop) => [`${hop.from} → ${hop.to}`, sent(hop), answered(hop)])
  return columns(rows, (cell, column) => (column === 2 ? pc.dim(cell) : cell))
}

/** Discovery, key fetches and the pages of a sign-in say nothing about who asks. */
function isTelling({ to, method, url, request }: Hop): boolean {
  if (to === 'model') return false
  if (to === 'idp') return new URL(url).pathname.endsWith('/token')
  return to !== 'mcp-server' || (method === 'POST' && request.body.includes('"tools/call"'))
}

function sent({ to, method, url, request }: Hop): string {
  if (to === 'pdp') return `asks ${url}`
  const credentials = credentialHeaders(request.headers).map(([name, value]) => `${name}: ${value}`)
  const shown = credentials.join(', ') || apiKeyIn(request.body) || 'no credential'
  if (to === 'idp') return tokenRequest(request.body, credentials)
  return to === 'mcp-server' ? `tools/call, ${shown}` : `${method} ${new URL(url).pathname}, ${shown}`
}

function answered({ to, response }: Hop): string {
  if (to !== 'pdp') return String(response.status)
  const [decision] = decisions(response.body)
  return decision ? `${decision.allow ? 'allow' : 'deny'}: ${decision.reason}` : 'nothing to decide'
}

function decisions(body: string): { allow: boolean; reason: string }[] {
  const parsed = JSON.parse(body)
  return Array.isArray(parsed) ? parsed : (parsed.result ?? [])
}

/** p03 and p04 carry the key in the arguments. */
function apiKeyIn(body: string): string | undefined {
  return /"api_key":"([^"]+)"/.exec(body)?.[1]
}

function tokenRequest(body: string, credentials: readonly string[]): string {
  const form = new URLSearchParams(body)
  const grant = (form.get('grant_type') ?? '').split(':').at(-1)?.replaceAll(/[_-]/g, ' ')
  // A public client proves with PKCE alone that it is the one that asked for the code (RFC 7636).
  const pkce = form.has('code_verifier') ? ['PKCE verifier'] : []
  return [grant, ...pkce, ...credentials].join(', ')
}
