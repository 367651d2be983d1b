import type { Complaint } from './complaints.ts'

/**
 * A complaint at the line that causes it. TypeScript tells a wrong property of what a function returns at the end of
 * that function, and a Promise that nobody awaited wherever it is used.
 * @param lines of the file that it is about
 */
export function located(lines: readonly string[], complaint: Complaint): { line: number; message: string } {
  const { line, column, message, property } = complaint
  if (/ on type 'Promise<.+>'\./.test(message)) {
    const name = /([\w$]+)\s*\??\.\s*$/.exec((lines[line - 1] ?? '').slice(0, column - 1))?.[1]
    const made = name && onlyLine(lines, (text) => text.trimStart().startsWith(`const ${name} = `))
    return made
      ? { line: made, message: `${name} is a Promise: await is missing` }
      : { line, message: withHint(message) }
  }
  const at =
    (property &&
      onlyLine(lines, (text) => new RegExp(`^\\W*(return \\{ *)?'?${property}'?[:,]`).test(text))) ||
    line
  return { line: at, message: isPromise.test(message) ? withHint(message) : message }
}

const isPromise = /^Type 'Promise<.+>' is not assignable to type /

function withHint(message: string): string {
  return `${message.replace(/\.$/, '')}: a Promise, await is missing`
}

/** The number of the line that fits; undefined where none does, or more than one. */
function onlyLine(lines: readonly string[], fits: (text: string) => boolean): number | undefined {
  const found = lines.flatMap((text, at) => (fits(text) ? [at + 1] : []))
  return found.length === 1 ? found[0] : undefined
}
