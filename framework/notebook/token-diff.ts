import { type ServiceName, serviceNames } from '@lab/contract'
import type { Hop } from '../recorder/recorder.ts'
import type { Run } from '../runner/pattern-runner.ts'
import { credentialOf, noCredential } from '../sequence/call-steps.ts'
import type { Lesson } from './lesson.ts'
import { markdown, type Rich } from './rich.ts'
import { type TableCell, table } from './table.ts'

/** Where each claim is defined, in the order in which they are shown. */
const definedIn: Readonly<Record<string, string>> = {
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
  typ: 'Keycloak’s own',
  htm: 'RFC 9449 section 4.2',
  htu: 'RFC 9449 section 4.2',
  ath: 'RFC 9449 section 4.2',
}

type Token = Hop['tokens'][number]

/**
 * The access token that reached the service, decoded beside the one of the pattern before. Only the payload is shown:
 * a signature is nothing to read, and everything to an attacker.
 */
export async function tokenDiff(lesson: Lesson, run: Run): Promise<Rich> {
  const before = await lesson.before()
  const earlier = before ? accessToken(await before.ask(run.user, run.prompt)) : undefined
  const now = accessToken(run)
  if (!now) return markdown(`${lesson.name} sends no token: ${whyNoToken(lesson, run)}`)
  const names = lesson.namesIn(run)
  const old =
    earlier && before ? before.namesIn({ hops: [] }).claims(earlier.claims) : new Map<string, string>()
  const fresh = names.claims(now.claims)
  const claims = [...new Set([...Object.keys(definedIn), ...fresh.keys(), ...old.keys()])].filter(
    (claim) => fresh.has(claim) || old.has(claim),
  )
  const oldName = before ? `${before.name}${earlier ? '' : ' (no token)'}` : ''
  return table({
    title: `The access token that reached ${serviceHop(run)?.to}, decoded`,
    head: ['claim', ...(before ? [oldName] : []), lesson.name, '', 'defined in'],
    rows: claims.map((claim) => row(claim, old.get(claim), fresh.get(claim), before !== undefined)),
  })
}

/** The DPoP proof of a run, decoded. */
export function proofTable(lesson: Lesson, run: Run): Rich {
  const proof = serviceHop(run)?.tokens.find(({ claims }) => 'htm' in claims)
  if (!proof) return markdown(`${lesson.name} sends no proof.`)
  const claims = [...lesson.namesIn(run).claims(proof.claims)]
  return table({
    title: 'The DPoP proof that went along, decoded',
    head: ['claim', 'value', 'defined in'],
    rows: claims.map(([claim, value]) => [{ text: claim, code: true }, value, definedIn[claim] ?? '']),
  })
}

function row(claim: string, old: string | undefined, now: string | undefined, compare: boolean): TableCell[] {
  const mark = old === now ? '' : old === undefined ? 'new' : now === undefined ? 'gone' : 'changed'
  const value = now ?? '–'
  return [
    { text: claim, code: true },
    ...(compare ? [old ?? '–'] : []),
    compare && mark ? { text: value, tone: 'changed' } : value,
    compare ? mark : '',
    definedIn[claim] ?? '',
  ]
}

function accessToken(run: Run): Token | undefined {
  return serviceHop(run)?.tokens.find(({ claims }) => claims.aud !== undefined)
}

function serviceHop({ hops }: Run): Hop | undefined {
  return hops.find(({ from, to }) => from === 'mcp-server' && serviceNames.includes(to as ServiceName))
}

function whyNoToken(lesson: Lesson, run: Run): string {
  const hop = serviceHop(run)
  return hop && credentialOf(hop, lesson.namesIn(run)) === noCredential
    ? 'there is no credential at all.'
    : 'an API key is a string that says nothing about itself, so there is nothing to decode.'
}
