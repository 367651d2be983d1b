import { Command } from 'commander'
import { Progress, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'

interface Flags {
  readonly write?: true
  readonly check?: true
}

export function parityCommand(): Command {
  return new Command('parity')
    .description('compare the embedded default with the real stack: cells, attacks, policy, IdP (minutes)')
    .option('--write', 'write docs/parity.md')
    .option('--check', 'fail where docs/parity.md says something else')
    .addHelpText('after', '\nNeeds the real stack: pnpm run stack up, or KEYCLOAK_URL and OPA_URL.')
    .action(compare)
}

async function compare(flags: Flags): Promise<void> {
  const { readFile, writeFile } = await import('node:fs/promises')
  const { keycloakSettings, opaUrl } = await import('../../parties/keycloak/settings.ts')
  const { measureParity } = await import('../../measure/parity/measure-parity.ts')
  const { allDifferences, parityPage } = await import('../../measure/parity/parity-page.ts')
  const { reasonFor } = await import('../../measure/parity/known-differences.ts')
  const real = { keycloak: keycloakSettings(process.env), opaUrl: opaUrl(process.env) }
  const page = new URL('../../../docs/parity.md', import.meta.url)

  const progress = new Progress()
  const parity = await measureParity(real, (line) => progress.update(line)).finally(() => progress.done())
  for (const each of parity.patterns) {
    say(
      `${each.pattern}: ${each.cells} cells, ${each.succeeded.of} attacks that apply, ${each.differences.length} differences`,
    )
  }
  say(`policy: ${parity.policy.decisions} decisions, ${parity.policy.differences.length} differences`)
  const differing = parity.idps.filter(({ differences }) => differences.length > 0)
  say(`identity providers: ${parity.idps.length} requests, ${differing.length} differences`)

  const unexplained = allDifferences(parity).filter((difference) => !reasonFor(difference))
  for (const { where, aspect, embedded, real } of unexplained) {
    say(`NOT EXPLAINED  ${where}: ${aspect}\n  embedded  ${embedded}\n  real      ${real}`)
  }
  if (unexplained.length > 0) process.exitCode = 1

  const text = parityPage(parity)
  if (flags.write) await writeFile(page, text)
  if (flags.check && (await readFile(page, 'utf8')) !== text) {
    throw new UserError(
      'docs/parity.md says something else than what was measured: run pnpm run parity --write',
    )
  }
}
