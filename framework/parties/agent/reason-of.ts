/**
 * An error's message as part of a line: other people's messages may be whole pages, and quote what they were sent.
 * @param secrets what must not be repeated
 */
export function reasonOf(error: unknown, secrets: readonly string[] = []): string {
  const message = error instanceof Error ? error.message : String(error)
  return secrets
    .filter(Boolean)
    .reduce((shown, secret) => shown.replaceAll(secret, '‹secret›'), message)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
}
