/** Patterns between which every kind of credential is sent: a shared key, a user's, a token, an exchanged one, a bound one. */
export const demoPatterns = ['p02', 'p03', 'p04', 'p05', 'p07', 'p08'] as const
