import type { Command } from 'commander'
import type { StackOptions } from '../runner/stack.ts'
import { UserError } from '../user-error.ts'

/** What a pattern runs on, as the command line says it. */
export interface StackFlags {
  readonly pdp?: string
  readonly model?: string
}

/** Adds the options that choose IdP, PDP and model to a command. */
export function stackOptions(command: Command): Command {
  return command
    .option(
      '--pdp <wasm|opa>',
      'who decides: the policy in this process, or the OPA server at OPA_URL',
      'wasm',
    )
    .option('--model <name>', 'a real model by OPENAI_API_KEY / OPENAI_BASE_URL; default: the scripted one')
}

/**
 * @throws {UserError} for a choice that there is not, or an environment that lacks what the choice needs
 */
export async function stackFrom(flags: StackFlags): Promise<StackOptions> {
  const { env } = process
  return {
    ...(pdpOf(flags) === 'opa' && { opaUrl: env.OPA_URL ?? 'http://127.0.0.1:8181' }),
    ...(flags.model && { model: await modelOf(flags.model, env) }),
  }
}

function pdpOf({ pdp = 'wasm' }: StackFlags): 'wasm' | 'opa' {
  if (pdp === 'wasm' || pdp === 'opa') return pdp
  throw new UserError(`there is no PDP "${pdp}": give wasm or opa`)
}

/** Made once here without a recorder, so that what is wrong with the environment is said before anything starts. */
async function modelOf(model: string, env: NodeJS.ProcessEnv): Promise<NonNullable<StackOptions['model']>> {
  const { openAiModel } = await import('../model/index.ts')
  openAiModel({ model, env })
  return (fetch) => openAiModel({ model, env, fetch })
}
