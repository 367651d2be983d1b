import { UserError } from '../process/user-error.ts'
import { journalFile, openJournal } from '../trace/audit/journal.ts'
import type { StackOptions } from './stack.ts'

/** The stack that the command line chooses. */
export interface StackFlags {
  readonly stack?: string
  readonly idp?: string
  readonly pdp?: string
  readonly model?: string
  /** The file of another realm, and the folder of another policy. */
  readonly realm?: string
  readonly policy?: string
}

/**
 * @throws {UserError} for a choice that there is not, or an environment that lacks what the choice needs
 */
export async function stackFrom(flags: StackFlags): Promise<StackOptions> {
  const { env } = process
  const real = choice('--stack', flags.stack, ['embedded', 'real']) === 'real'
  const idp = choice('--idp', flags.idp, ['embedded', 'keycloak']) ?? (real ? 'keycloak' : 'embedded')
  const pdp = choice('--pdp', flags.pdp, ['wasm', 'opa']) ?? (real ? 'opa' : 'wasm')
  // What only Keycloak and an OPA server need is loaded for them alone.
  const settings =
    idp === 'keycloak' || pdp === 'opa' ? await import('../parties/keycloak/settings.ts') : undefined
  return {
    auditSink: openJournal(journalFile(env)),
    ...(env.AGENT_KEY_FILE && { agentKeyFile: env.AGENT_KEY_FILE }),
    ...(env.REPLAY_STORE && { replayStore: env.REPLAY_STORE }),
    ...(settings && idp === 'keycloak' && { keycloak: settings.keycloakSettings(env) }),
    ...(settings && pdp === 'opa' && { opaUrl: settings.opaUrl(env) }),
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
  if (!found) throw new UserError(`${option} must be ${known.join(' or ')}, not "${value}"`)
  return found
}

/** Made once here without a recorder, so that what is wrong with the environment is said before anything starts. */
async function modelOf(model: string, env: NodeJS.ProcessEnv): Promise<NonNullable<StackOptions['model']>> {
  const { openAiModel } = await import('../parties/model/index.ts')
  openAiModel({ model, env })
  return (fetch) => openAiModel({ model, env, fetch })
}
