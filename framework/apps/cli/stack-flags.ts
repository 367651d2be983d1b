import type { Command } from 'commander'

/** Adds the options that choose IdP, PDP, realm, policy and model to a command. */
export function stackOptions(command: Command): Command {
  return command
    .option(
      '--stack <embedded|real>',
      'real: --idp keycloak --pdp opa, as pnpm run stack up starts them (default: "embedded")',
    )
    .option('--idp <embedded|keycloak>', 'who signs users in and issues tokens: Keycloak is at KEYCLOAK_URL')
    .option('--pdp <wasm|opa>', 'who decides: the policy in this process, or the OPA server at OPA_URL')
    .option('--realm <file>', 'a Keycloak export of yours instead of the realm of keycloak/')
    .option('--policy <folder>', 'Rego of yours instead of the policy of opa/')
    .option('--model <name>', 'a real model by OPENAI_API_KEY / OPENAI_BASE_URL; default: the scripted one')
}
