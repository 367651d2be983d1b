/** The checks that find a server which does not compare the audience. */
export const anyAudience = ['wrong-audience', 'lookalike-audience', 'no-audience'] as const

/** The checks that find a server which takes a token from whoever signed it, or nobody. */
export const anySignature = ['tampered-claims', 'alg-none', 'hs256-with-public-key', 'own-key'] as const

/** The checks that find, beside those, a server which never looks a key up. */
export const anyKey = ['unknown-key', 'other-issuer', 'kid-injection', 'jku-header', 'embedded-jwk'] as const
