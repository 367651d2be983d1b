import type { Command } from 'commander'
import { journalFile, openJournal } from '../audit/journal.ts'
import { keycloakSettings, opaUrl } from '../real-stack/settings.ts'
import type { StackOptions } from '../runner/stack.ts'
import { UserError } from '../user-error.ts'

/** What a pattern runs on, as the command line says it. */
export interface StackFlags {
  readonly stack?: string
  readonly idp?: string
  readonly pdp?: string
  readonly model?: string
}

/** Adds the options that choose IdP, PDP and model to a command. */
export function stackOptions(command: Command): Command {
  return command
    .option(
      '--stack <embedded|real>',
      'real: --idp keycloak --pdp opa, as pnpm run stack up starts them (default: "embedded")',
    )
    .option('--idp <embedded|keycloak>', 'who signs users in and issues tokens: Keycloak is at KEYCLOAK_URL')
    .option('--pdp <wasm|opa>', 'who decides: the policy in this process, or the OPA server at OPA_URL')
    .option('--model <name>', 'a real model by OPENAI_API_KEY / OPENAI_BASE_URL; default: the scripted one')
}

/**
 * @throws {UserError} for a choice that there is not, or an environment that lacks what the choice needs
 */
export async function stackFrom(flags: StackFlags): Promise<StackOptions> {
  const { env } = process
  const real = choice('--stack', flags.stack, ['embedded', 'real']) === 'real'
  const idp = choice('--idp', flags.idp, ['embedded', 'keycloak']) ?? (real ? 'keycloak' : 'embedded')
  const pdp = choice('--pdp', flags.pdp, ['wasm', 'opa']) ?? (real ? 'opa' : 'wasm')
  return {
    auditSink: openJournal(journalFile(env)),
    ...(idp === 'keycloak' && { keycloak: keycloakSettings(env) }),
    ...(pdp === 'opa' && { opaUrl: opaUrl(env) }),
    ...(flags.model && { model: await modelOf(flags.model, env) }),
  }
}

function choice<T extends string>(
  option: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  const found = known.find((each) => each === value)
  if (!found) throw new UserError(`${option} cannot be "${value}": give ${known.join(' or ')}`)
  return found
}

/** Made once here without a recorder, so that what is wrong with the environment is said before anything starts. */
async function modelOf(model: string, env: NodeJS.ProcessEnv): Promise<NonNullable<StackOptions['model']>> {
  const { openAiModel } = await import('../model/index.ts')
  openAiModel({ model, env })
  return (fetch) => openAiModel({ model, env, fetch })
}
