import { base, Check } from 'oidc-provider/lib/helpers/interaction_policy/index.js'

/** The reasons to ask a person something: those of `oidc-provider`, and an account that cannot be used any more. */
export function interactionPolicy() {
  const policy = base()
  // It would ask each time, whatever was granted before.
  policy.get('consent')?.checks.remove('native_client_prompt')
  const usable = new Check(
    'account_unusable',
    'nobody is signed in with an account that can be used',
    (ctx) => !ctx.oidc.account,
  )
  policy.get('login')?.checks.add(usable)
  return policy
}
