import { Command } from 'commander'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'

interface Flags {
  readonly mcp: string
  readonly scope?: string
  readonly issuer?: string
  readonly realm?: string
}

export function tokenCommand(): Command {
  return new Command('token')
    .description('sign a user in for a served MCP server, and print the access token')
    .argument('<user>', 'a user of the realm; the demo users have their name as password')
    .requiredOption('--mcp <url>', 'the MCP URL that pnpm run serve printed')
    .option('--scope <names>', 'space-separated; default: all that the server supports')
    .option(
      '--issuer <url>',
      'an identity provider on this machine, as serve printed it; default: the realm of KEYCLOAK_URL',
    )
    .option('--realm <file>', 'the realm file that serve was given')
    .addHelpText('after', '\nFor a shell: TOKEN=$(pnpm -s run token alice --mcp http://127.0.0.1:3000/mcp)')
    .action(async (user: string, { mcp, scope, issuer, realm }: Flags) => {
      if (!URL.canParse(mcp)) throw new UserError(`--mcp "${mcp}" is no URL: use the one that serve printed`)
      const { tokenOf } = await import('../serve/token-of.ts')
      const scopes = scope?.split(' ').filter(Boolean)
      say(await tokenOf(user, new URL(mcp), { scopes, issuer, realmFile: realm }))
    })
}
