import type { AuthErrorCode } from '@lab/contract'

const noAnswer = 'Nothing was let through meanwhile; try again when it is back.'
const newKey = 'Sign in again, which makes a new key and a token for it.'

/** Advice for a person who was refused, for every kind of refusal. */
export const advice: Readonly<Record<AuthErrorCode, string>> = {
  missing_credential: 'Sign in, or give a key, at the top of this page.',
  invalid_api_key: 'Give another key at the top of this page.',
  invalid_token: 'Sign in again at the top of this page.',
  invalid_dpop_proof: newKey,
  invalid_signature: newKey,
  insufficient_scope: 'Sign in again with this scope.',
  access_denied:
    'The credential holds, so signing in again does not help: it takes another person, another role or, where the reason says so, an agent that acts for the person.',
  interaction_required: 'A person has to approve it first.',
  grant_refused: 'The identity provider would have to issue another credential.',
  idp_unavailable: noAnswer,
  pdp_unavailable: noAnswer,
  audit_unavailable: 'Nothing was changed, because it could not be recorded; try again when it can be.',
  replay_store_unavailable:
    'The service cannot see whether this proof was used before; try again in a minute.',
  replay_cache_full: 'Too many proofs came in a short time; try again in a minute.',
}
