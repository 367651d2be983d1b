/**
 * The holes that an attack on a pattern and a check of a server both know, by the id of the check: whoever meets the
 * same hole in both reads the same words.
 */
export const holes = {
  'no-token': 'a caller who presents nothing is served',
  'garbage-token': 'a text that no issuer made is taken for a credential',
  'tampered-claims': 'changed claims are accepted under the old signature',
  'alg-none': 'a token without a signature is accepted',
  'hs256-with-public-key': "the issuer's public key is taken for an HMAC secret",
  'own-key': "a token that another key signed is accepted under the name of the issuer's",
  'other-issuer': 'the issuer that the token itself names is followed',
  'kid-injection': 'the key id is used as a path, a query or an address',
  'jku-header': 'the key is fetched from where the token says',
  'embedded-jwk': 'a token is verified with the key that it brings along',
  expired: 'a token was accepted after its end',
  'not-yet-valid': 'a token was accepted before its beginning',
  'wrong-audience': 'a credential that was made for another service is accepted',
  'id-token-as-access-token': 'an ID token is taken for an access token',
  'missing-scope': 'a credential that lacks the scope of the call is accepted',
  'rows-of-another': 'one user is served as another',
  'session-of-another': "one user is served in another user's session",
  'identity-header-spoof': 'a header is enough to be another user, or to have their role',
  'keys-unavailable': 'a token that cannot be verified is served, because the keys are unavailable',
} as const satisfies Readonly<Record<string, string>>

/** A server that refused a forged token, and went where it pointed. */
export const lured = 'a key was fetched from the address in the token (server-side request forgery)'

/** A clause as a sentence. */
export const asSentence = (clause: string) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
