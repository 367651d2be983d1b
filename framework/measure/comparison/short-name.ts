/** `06`, or nothing for a pattern outside of the ladder. */
export function numberOf(pattern: string): string {
  return /^p(\d\d)-/.exec(pattern)?.[1] ?? ''
}

/** `p06`, or the folder's name: what heads a narrow column. */
export function shortNameOf(pattern: string): string {
  return numberOf(pattern) ? `p${numberOf(pattern)}` : pattern
}
