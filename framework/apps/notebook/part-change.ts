/** The word for what became of a part of a token from one pattern to the other; empty where it is the same. */
export function partChange(
  before: string | undefined,
  now: string | undefined,
): '' | 'new' | 'gone' | 'changed' {
  if (before === now) return ''
  if (before === undefined) return 'new'
  return now === undefined ? 'gone' : 'changed'
}
