/**
 * The text as one word of a POSIX shell, so that a printed command can be pasted as it is.
 * @example shellWord('my pattern') // "'my pattern'"
 */
export function shellWord(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
