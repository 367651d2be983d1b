import { Command } from 'commander'
import { pc } from '../../process/colours.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import type { ChoiceFlags } from './choose-questions.ts'

export function chooseCommand(): Command {
  return new Command('choose')
    .description('find the pattern that fits: from your identity provider, who calls and what may happen')
    .option('--idp <name>', 'okta, entra, auth0, keycloak, cognito, api-key or other')
    .option('--can <list>', 'with --idp other: of jwt, scopes, exchange, act, dpop; or nothing')
    .option('--caller <who>', 'user, unattended or agents')
    .option('--effect <what>', 'read, write or irreversible')
    .option('--latency <limit>', 'any, or low: no request to the IdP in a tool call')
    .option('--json', 'one JSON document instead of text')
    .addHelpText(
      'after',
      '\nIn a terminal it asks for what is not given. docs/choose.md has the answers worked through.',
    )
    .action(async (flags: ChoiceFlags & { readonly json?: true }) => {
      const { answersFrom, missingFlags } = await import('./choose-questions.ts')
      const missing = missingFlags(flags)
      if (missing.length > 0 && !(process.stdin.isTTY && process.stdout.isTTY)) {
        throw new UserError(
          `${missing.join(', ')} missing: give them, or run it in a terminal, where it asks`,
        )
      }
      const { provider, situation } = await answersFrom(flags)
      const { choose, readMatrix } = await import('../../measure/choose/choose.ts')
      const advice = choose(provider, situation, await readMatrix())
      if (flags.json) return say(JSON.stringify({ provider: provider.name, situation, ...advice }, null, 2))
      const { adviceLines } = await import('../../measure/choose/advice-text.ts')
      const { wrapped } = await import('../../measure/choose/wrapped.ts')
      const width = Math.min(process.stdout.columns || 100, 100)
      say(
        adviceLines(advice)
          .map((line) => painted(wrapped(line, width)))
          .join('\n'),
      )
    })
}

/** Markdown's bold and code, as a terminal has them. */
function painted(line: string): string {
  return line
    .replaceAll(/\*\*([^*]+)\*\*/g, (_all, text: string) => pc.bold(text))
    .replaceAll(/`([^`]+)`/g, (_all, text: string) => pc.cyan(text))
}
