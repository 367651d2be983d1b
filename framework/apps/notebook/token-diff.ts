import { type ServiceName, serviceNames } from '@lab/contract'
import type { Run } from '../../runner/pattern-runner.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import type { SeenToken } from '../../trace/recorder/redact.ts'
import { credentialOf, noCredential } from '../../trace/sequence/call-steps.ts'
import type { StableNames } from '../../trace/sequence/stable-names.ts'
import type { Lesson } from './lesson.ts'
import { partChange } from './part-change.ts'
import { folded, markdown, type Rich } from './rich.ts'
import { specLink } from './spec-links.ts'
import { type TableCell, table } from './table.ts'

/** The specification that defines each part of an access token, in the order in which they are shown. */
const inAccessToken: Readonly<Record<string, string>> = {
  'header.typ': 'RFC 9068 section 2.1',
  'header.alg': 'RFC 7515 section 4.1.1',
  'header.kid': 'RFC 7515 section 4.1.4',
  iss: 'RFC 7519 section 4.1.1',
  sub: 'RFC 7519 section 4.1.2',
  aud: 'RFC 7519 section 4.1.3',
  exp: 'RFC 7519 section 4.1.4',
  iat: 'RFC 7519 section 4.1.6',
  jti: 'RFC 7519 section 4.1.7',
  auth_time: 'RFC 9068 section 2.2.1',
  roles: 'RFC 9068 section 2.2.3.1',
  scope: 'RFC 8693 section 4.2',
  act: 'RFC 8693 section 4.1',
  cnf: 'RFC 9449 section 6.1',
  azp: 'OpenID Connect Core 1.0 section 2',
  sid: 'OpenID Connect Front-Channel Logout 1.0 section 3',
  typ: "Keycloak's own",
}
/** Every part of a proof is defined in one place. */
const inProof = 'RFC 9449 section 4.2'

/**
 * The access token that reached the service, decoded beside the one of the pattern before. Its signature is not
 * shown: it is nothing to read, and everything to an attacker.
 * @param options.matters the claims that the lesson is about; the others are folded. Default: all are shown
 */
export async function tokenDiff(
  lesson: Lesson,
  run: Run,
  { matters = [] }: { readonly matters?: readonly string[] } = {},
): Promise<Rich[]> {
  const before = await lesson.before()
  const earlier = before ? accessToken(await before.ask(run.user, run.prompt)) : undefined
  const now = accessToken(run)
  if (!now) return [markdown(`${lesson.name} sends no token: ${whyNoToken(lesson, run)}`)]
  const old = earlier && before ? partsOf(earlier, before.namesIn({ hops: [] })) : new Map<string, string>()
  const fresh = partsOf(now, lesson.namesIn(run))
  const parts = [...new Set([...Object.keys(inAccessToken), ...fresh.keys(), ...old.keys()])].filter(
    (part) => fresh.has(part) || old.has(part),
  )
  const oldName = before ? `${before.name}${earlier ? '' : ' (no token)'}` : ''
  const tableOf = (shown: readonly string[], title: string) =>
    table({
      ...(title && { title }),
      head: ['header, claim', ...(before ? [oldName] : []), lesson.name, '', 'defined in'],
      rows: shown.map((part) => row(part, old.get(part), fresh.get(part), before !== undefined)),
    })
  const title = `The access token that reached ${serviceHop(run)?.to}, decoded`
  if (matters.length === 0) return [tableOf(parts, title)]
  const others = parts.filter((part) => !matters.includes(part))
  return [
    tableOf(matters, `${title}: what matters here`),
    folded(`The other ${others.length} parts of the token`, tableOf(others, '')),
  ]
}

/** The DPoP proof of a run, decoded. */
export function proofTable(lesson: Lesson, run: Run): Rich {
  const proof = serviceHop(run)?.tokens.find(({ claims }) => 'htm' in claims)
  if (!proof) return markdown(`${lesson.name} sends no proof.`)
  const parts = [...partsOf(proof, lesson.namesIn(run))]
  return table({
    title: 'The DPoP proof that went along, decoded',
    head: ['header, claim', 'value', 'defined in'],
    rows: parts.map(([part, value]) => [
      { text: part, code: true },
      value,
      { text: inProof, href: specLink(inProof) },
    ]),
  })
}

/** A token as text: `header.typ`, then its claims. */
function partsOf({ header, claims }: SeenToken, names: StableNames): Map<string, string> {
  const inHeader = [...names.header(header)].map(([name, value]) => [`header.${name}`, value] as const)
  return new Map([...inHeader, ...names.claims(claims)])
}

function row(part: string, old: string | undefined, now: string | undefined, compare: boolean): TableCell[] {
  const mark = partChange(old, now)
  const value = now ?? '–'
  return [
    { text: part, code: true },
    ...(compare ? [old ?? '–'] : []),
    compare && mark ? { text: value, tone: 'changed' } : value,
    compare ? mark : '',
    { text: inAccessToken[part] ?? '', href: specLink(inAccessToken[part] ?? '') },
  ]
}

/** A token as text, in the order of {@link inAccessToken}. */
export function orderedParts(token: SeenToken, names: StableNames): [string, string][] {
  const parts = partsOf(token, names)
  const order = [...new Set([...Object.keys(inAccessToken), ...parts.keys()])]
  return order.flatMap((part) => (parts.has(part) ? [[part, parts.get(part) as string]] : []))
}

/** The specification that defines a part of a token; empty where none is known here. */
export function definedIn(part: string, token: SeenToken): string {
  return 'htm' in token.claims ? inProof : (inAccessToken[part] ?? '')
}

/** The access token that went to a service. */
export function accessToken(run: Pick<Run, 'hops'>): SeenToken | undefined {
  return serviceHop(run)?.tokens.find(({ claims }) => claims.aud !== undefined)
}

function serviceHop({ hops }: Pick<Run, 'hops'>): Hop | undefined {
  return hops.find(({ from, to }) => from === 'mcp-server' && serviceNames.includes(to as ServiceName))
}

function whyNoToken(lesson: Lesson, run: Run): string {
  const hop = serviceHop(run)
  return hop && credentialOf(hop, lesson.namesIn(run)) === noCredential
    ? 'there is no credential at all.'
    : 'an API key is a string that says nothing about itself, so there is nothing to decode.'
}
