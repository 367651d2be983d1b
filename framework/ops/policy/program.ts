import type { Command } from 'commander'
import { commandLine } from '../../process/command-line.ts'
import { UserError } from '../../process/user-error.ts'

/** The command line of `pnpm run policy`. */
export function program(): Command {
  const policy = commandLine('policy').description('build and check the policy in opa/')
  policy
    .command('build')
    .description("write data.json, policy.wasm, its record and the bundle's manifest (needs OPA)")
    .argument('[folder]', 'Rego of your own; default: opa/')
    .option('--realm <file>', "a realm of your own: its users go into the folder's data.json")
    .action(async (folder: string | undefined, { realm }: { realm?: string }) => {
      const { buildOwnPolicy, buildPolicy } = await import('./build-policy.ts')
      if (folder !== undefined) return buildOwnPolicy(folder, realm)
      if (realm !== undefined) throw new UserError('--realm is for a folder of your own: name it')
      buildPolicy()
    })
  policy
    .command('check')
    .description('verify that they are fresh; with OPA also format, types, tests and bytes of the Rego')
    .option('--opa', 'fail if OPA is not installed')
    .addHelpText('after', '\nExits 1 if something is stale or a test of the Rego fails.')
    .action(async ({ opa }: { opa?: true }) => (await import('./check-policy.ts')).checkPolicy(opa === true))
  policy
    .command('data')
    .description('write data.json from the realm file, and the manifest')
    .action(async () => (await import('./build-policy.ts')).writeData())
  return policy
}
