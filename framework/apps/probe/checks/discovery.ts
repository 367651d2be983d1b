import type { Check } from '../check.ts'
import { type Probe, servesAnybody } from '../probe.ts'
import { foundByStatus, held, notApplicable } from '../result.ts'
import type { Received } from '../sender.ts'

const authorization = 'MCP authorization 2026-07-28, authorization server discovery'

/** The refusal of a call without a token. */
async function challengeOf(probe: Probe): Promise<Received | undefined> {
  const { kind, last } = await probe.call({})
  return kind === 'refused' ? last : undefined
}

/** `resource_metadata` of the challenge (RFC 9728 section 5.1). */
function metadataUrl({ headers }: Received): string | undefined {
  return /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1]
}

export const discoveryChecks: readonly Check[] = [
  {
    id: 'challenge',
    says: 'Its refusal does not tell a client how to authenticate.',
    severity: 'low',
    clauses: ['RFC 6750 section 3', 'RFC 9110 section 11.6.1'],
    judgedBy: 'status and `WWW-Authenticate` of the answer to a call without a token, beside an honest call',
    remedy: 'Answer 401 with `WWW-Authenticate: Bearer …`.',
    async run(probe) {
      const last = await challengeOf(probe)
      if (!last) return servesAnybody
      if (last.status !== 401) return foundByStatus(`a call without a token gets ${last.status}, not 401`)
      const challenge = last.headers.get('www-authenticate') ?? ''
      return /^(Bearer|DPoP)\b/i.test(challenge)
        ? probe.heldBeside(`401 with ${challenge.split(' ')[0]}`)
        : foundByStatus('401 without a Bearer or DPoP challenge')
    },
  },
  {
    id: 'resource-metadata',
    says: 'A client cannot find its authorization server.',
    severity: 'medium',
    clauses: [authorization, 'RFC 9728 section 5.1'],
    judgedBy: 'the metadata that the challenge, or the well-known path, leads to, beside an honest call',
    remedy: 'Serve RFC 9728 metadata, and name it in the challenge as `resource_metadata`.',
    async run(probe) {
      if (!probe.isMcp) return notApplicable('only MCP demands it; for an HTTP API it is an option')
      const last = await challengeOf(probe)
      if (!last) return servesAnybody
      const named = metadataUrl(last)
      const { origin, pathname } = new URL(probe.target.url)
      const url = named ?? `${origin}/.well-known/oauth-protected-resource${pathname}`
      if (!URL.canParse(url)) return foundByStatus(`\`resource_metadata\` is no URL`)
      if (new URL(url).origin !== origin) return foundByStatus(`\`resource_metadata\` leads to another host`)
      const { status, body } = await probe.sender.send(url)
      if (status !== 200) return foundByStatus(`${new URL(url).pathname} answers ${status}`)
      const problem = metadataProblem(body, probe.target.url)
      if (problem) return foundByStatus(problem)
      const seen = named ? 'the challenge leads to the metadata' : 'the well-known path serves the metadata'
      // Without a token the metadata stands alone: it was served, which a server that refuses everything does not do.
      return (await probe.tokenOf(probe.victim)) === undefined ? held(seen) : probe.heldBeside(seen)
    },
  },
]

/** RFC 9728 section 3.3: `resource` must be the URL that the client used, or the client must not go on. */
function metadataProblem(body: string, url: string): string | undefined {
  let metadata: { resource?: unknown; authorization_servers?: unknown }
  try {
    metadata = JSON.parse(body) as typeof metadata
  } catch {
    return 'the metadata is no JSON'
  }
  const { resource, authorization_servers: servers } = metadata
  if (typeof resource !== 'string') return 'the metadata names no `resource`'
  if (withoutSlash(resource) !== withoutSlash(url)) return `the metadata is of ${resource}, not of ${url}`
  if (!Array.isArray(servers) || servers.length === 0) return 'the metadata names no authorization server'
  return undefined
}

const withoutSlash = (url: string) => url.replace(/\/$/, '')
