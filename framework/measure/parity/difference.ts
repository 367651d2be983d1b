/** Something that came out differently on the embedded default and on the real stack. */
export interface Difference {
  /** The action, such as `p06 attack after-logout`. */
  readonly where: string
  /** The aspect that differs, such as `status`. */
  readonly aspect: string
  readonly embedded: string
  readonly real: string
}

/** The aspects of one result, by name. Two results are the same where every one of them is. */
export type Aspects = Readonly<Record<string, string | number | undefined>>

/** Compares two results aspect by aspect. */
export function differencesOf(where: string, embedded: Aspects, real: Aspects): Difference[] {
  const names = [...new Set([...Object.keys(embedded), ...Object.keys(real)])]
  return names.flatMap((aspect) => {
    const [ours, theirs] = [shown(embedded[aspect]), shown(real[aspect])]
    return ours === theirs ? [] : [{ where, aspect, embedded: ours, real: theirs }]
  })
}

function shown(value: string | number | undefined): string {
  return withoutAddresses(String(value ?? '–'))
}

/** Addresses of this run are no difference: each stack has its own. */
export function withoutAddresses(text: string): string {
  return text.replaceAll(/https?:\/\/(127\.0\.0\.1|localhost):\d+(\/realms\/[\w-]+)?/g, '‹issuer›')
}
