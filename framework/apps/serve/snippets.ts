import type { AuthHandler } from '@lab/contract'
import { labQuiet } from '../../process/how-to-run.ts'
import { shellWord } from '../../process/shell-word.ts'

/** The version that the interop tests run, on Node 20, too: without it npx would choose one with another command line there. */
const inspectorVersion = '2.12.0'

/** The snippets that let a person's own client make one call. */
export interface Snippets {
  /** Puts the user's credential into a variable of the shell; none where the pattern wants no credential. */
  readonly credential?: string
  readonly inspector: string
  /** The `mcpServers` file that desktop clients and editors read. */
  readonly config: string
  readonly curl: string
}

/** The credential as each kind of client sends it. */
interface Sent {
  readonly shell?: string
  readonly header?: string
  readonly argument?: Readonly<Record<string, string>>
}

/**
 * Ready-made ways to reach a served MCP server.
 * @param served.apiKey the key that a user was given, for patterns in which it is an argument of the tool
 */
export function snippetsFor(served: {
  readonly mcpUrl: string
  readonly credential: AuthHandler['credential']
  readonly user: string
  /** The issuer to name, where it is the embedded one; Keycloak's is known. */
  readonly issuer?: string
  /** A realm of the person's own. */
  readonly realmFile?: string
  readonly apiKey: string
}): Snippets {
  const { mcpUrl } = served
  const { shell, header, argument } = sentBy(served)
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call' }
  const params = { name: 'list_expenses', arguments: argument ?? {} }
  const server = {
    type: 'http',
    url: mcpUrl,
    // A client that can sign in by itself leaves the header out; others fill the variable in from their environment.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the client's, not of this program's
    ...(header && { headers: { Authorization: 'Bearer ${TOKEN}' } }),
  }
  return {
    ...(shell && { credential: shell }),
    inspector: [
      `npx -y @modelcontextprotocol/inspector@${inspectorVersion} --cli`,
      `${mcpUrl} --transport http`,
      '--method tools/call --tool-name list_expenses',
      ...(header ? [`--header ${header}`] : []),
      ...Object.entries(argument ?? {}).map(([name, value]) => `--tool-arg ${name}=${value}`),
    ].join(' '),
    config: JSON.stringify({ mcpServers: { 'agent-auth-lab': server } }, null, 2),
    curl: [
      `curl -s ${mcpUrl}`,
      "-H 'Content-Type: application/json'",
      "-H 'Accept: application/json, text/event-stream'",
      ...(header ? [`-H ${header}`] : []),
      `-d '${JSON.stringify({ ...call, params })}'`,
    ].join(' '),
  }
}

function sentBy({
  credential,
  mcpUrl,
  user,
  issuer,
  realmFile,
  apiKey,
}: Parameters<typeof snippetsFor>[0]): Sent {
  switch (credential) {
    case 'bearer':
      return {
        shell: `TOKEN=$(${labQuiet(
          [
            `token ${user} --mcp ${mcpUrl}`,
            ...(issuer ? [`--issuer ${issuer}`] : []),
            ...(realmFile ? [`--realm ${shellWord(realmFile)}`] : []),
          ].join(' '),
        )})`,
        header: '"Authorization: Bearer $TOKEN"',
      }
    case 'prompt':
    case 'argument':
      return { argument: { api_key: apiKey } }
    default:
      return {}
  }
}
