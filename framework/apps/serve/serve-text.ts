import { visible } from '@lab/contract'
import { metadataUrlOf } from '@lab/services'
import { pc } from '../../process/colours.ts'
import { columns } from '../../process/terminal.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { apiKeyOfUser } from '../../scenario/demo-keys.ts'
import { clientOf, usernames } from '../../scenario/realm/lookup.ts'
import type { LoggedCall } from './call-log.ts'
import { snippetsFor } from './snippets.ts'

/** The things that the text names beside the stack. */
export interface Shown {
  readonly docsUrl?: string | undefined
  /** The realm file that the token command needs, too. */
  readonly realmFile?: string | undefined
}

/** The text for a person when the stack is up: its addresses, and how clients reach it. */
export function servedText(runner: PatternRunner, { docsUrl, realmFile }: Shown = {}): string {
  const { pattern, stack, realm } = runner
  const { mcpUrl: local, resource: mcpUrl, serviceUrls, idp } = stack
  const { credential } = pattern.authHandler
  const users = usernames(realm)
  const user = users[0] ?? ''
  const snippets = snippetsFor({
    mcpUrl,
    credential,
    user,
    ...(idp.kind === 'embedded' && { issuer: idp.issuer }),
    ...(realmFile !== undefined && { realmFile }),
    apiKey: apiKeyOfUser(user),
  })
  const addresses = [
    ['MCP server', mcpUrl],
    ...(local === mcpUrl ? [] : [['behind the proxy', local]]),
    ...(credential === 'bearer'
      ? [
          ['metadata', metadataUrlOf({ mcpUrl })],
          ['identity provider', idp.issuer],
        ]
      : []),
    ...Object.entries(serviceUrls),
    ...(docsUrl ? [['documentation', docsUrl]] : []),
  ]
  const part = (heading: string, text: string) => ['', pc.bold(heading), text]
  return [
    pc.bold(`${pattern.name} is being served; Ctrl-C ends it`),
    ...columns(addresses, (cell, column) => (column === 0 ? pc.dim(cell) : cell)),
    ...(snippets.credential
      ? part(`A token of ${user} (users: ${users.join(', ')})`, snippets.credential)
      : []),
    ...(credential === 'bearer' ? part('A client that signs in by itself', signInText(runner)) : []),
    ...part('curl', snippets.curl),
    ...part('MCP Inspector (on Node 20 npm warns, and this command works)', snippets.inspector),
    ...part('JSON client configuration', snippets.config),
    '',
    pc.bold('Calls'),
  ].join('\n')
}

/** The facts that a client needs to sign a person in: how it is called, where its answers may go, and for how long. */
function signInText({ stack, realm }: PatternRunner): string {
  const { clientId, redirectUris, tokenLifespan, refreshTokens } = clientOf(realm, 'agent-app')
  const anywhere = 'http on this machine (127.0.0.1, [::1] or localhost), any port and any path'
  const redirect =
    stack.idp.kind === 'embedded'
      ? anywhere
      : `${redirectUris.join(', ')}, at any port of 127.0.0.1 or localhost if it names none`
  const renewed = refreshTokens
    ? `, and is renewed by a refresh token${realm.rotateRefreshTokens ? ', which counts once' : ''}`
    : ''
  return columns([
    ['client id', `${clientId} (public, no secret, PKCE with S256)`],
    ['redirect URI', redirect],
    ['access token', `lives ${tokenLifespan} s${renewed}`],
  ]).join('\n')
}

/** So much of a name and of a reason is shown, in characters. */
const longestName = 60
const longestReason = 300

/** One call in one line, whatever a stranger put into it. */
export function callLine({ what, who, status, decidedBy, reason }: LoggedCall, now: Date): string {
  const decided =
    decidedBy && `${status < 400 ? 'allowed' : 'refused'}${decidedBy === 'nobody' ? '' : ` by ${decidedBy}`}`
  const paint = status < 400 ? pc.green : pc.red
  return [
    pc.dim(now.toTimeString().slice(0, 8)),
    shortened(who ?? '–', longestName).padEnd(8),
    shortened(what, longestName).padEnd(28),
    paint(String(status)),
    [decided, reason && shortened(reason, longestReason)].filter(Boolean).join(': '),
  ]
    .join('  ')
    .trimEnd()
}

function shortened(text: string, longest: number): string {
  const shown = visible(text)
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown
}
