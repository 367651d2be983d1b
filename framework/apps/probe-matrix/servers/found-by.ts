/** The checks that find a server which does not compare the audience. */
export const anyAudience = [
  'wrong-audience',
  'lookalike-audience',
  'no-audience',
  'duplicate-claims',
] as const

/** The checks that find a server which takes a token from whoever signed it, or nobody. */
export const anySignature = ['tampered-claims', 'alg-none', 'hs256-with-public-key', 'own-key'] as const

/** The checks that find, beside those, a server which never looks a key up. */
export const anyKey = ['unknown-key', 'other-issuer', 'kid-injection', 'jku-header', 'embedded-jwk'] as const

/** The low findings that a verifier has whose library says nothing about them. */
export const unasked = {
  'encoding-of-signature':
    'its library decodes base64url as RFC 4648 section 3.5 leaves it free to, and has no setting for it',
  'issued-in-the-future': 'its library looks at `iat` only where a maximum age is set',
  'bound-token-as-bearer': 'it takes bearer tokens alone, and does not look at `cnf`',
} as const
