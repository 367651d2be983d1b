import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Gives the text of a pattern's file, as it is now. */
export function sourceIn(folder: string, file: string): () => string {
  return () => {
    try {
      return readFileSync(join(folder, file), 'utf8')
    } catch {
      // Gone meanwhile: then no line is named.
      return ''
    }
  }
}

/**
 * The line that a person has to look at, found in the text of a pattern's file. Each gives undefined where the text
 * does not say it: a wrong line is worse than none.
 */

/** The line that makes a header: where its value is a name, the line that gave it to that name without `await`. */
export function lineOfHeader(source: string, header: string): number | undefined {
  const lines = source.split('\n')
  const at = only(lines, (text) =>
    new RegExp(`(?:^|[\\s{,'"[])${literal(header)}['"\\]]*\\s*[:=]`, 'i').test(text),
  )
  if (at === undefined) return undefined
  const names = [...(lines[at - 1] ?? '').matchAll(/[\w$]+/g)].map(([name]) => name)
  const made = only(lines, (text) =>
    names.some((name) => new RegExp(`(?:const|let) ${name} = (?!await )\\w`).test(text)),
  )
  return made ?? at
}

/** The line of a property in an object. */
export function lineOfProperty(source: string, property: string): number | undefined {
  return only(source.split('\n'), (text) => new RegExp(`(?:^|[\\s{,])${property}\\s*[:,]`).test(text))
}

/** The one `return` of a function, or else the function. */
export function lineOfReturn(source: string, name: string): number | undefined {
  const lines = source.split('\n')
  const start = only(lines, (text) => new RegExp(`\\b${name}\\b\\s*[=(:]`).test(text))
  if (start === undefined) return undefined
  const indent = indentOf(lines[start - 1])
  const length = lines.slice(start).findIndex((text) => text.trim() !== '' && indentOf(text) <= indent)
  const body = lines.slice(start, length < 0 ? undefined : start + length)
  const found = only(body, (text) => /\breturn\b/.test(text))
  return found === undefined ? start : start + found
}

/** The lines that call a function of the contract that gives a Promise, and neither await nor return it. */
export function unawaitedLines(source: string): number[] {
  const call = /\b(?:exchangeToken|verifyAccessToken|verifyProof|askGate)\(/
  return source.split('\n').flatMap((text, at) => {
    const [before] = text.split(call)
    return call.test(text) && !isComment(text) && !/(?:await|return|=>)\s*$/.test(before ?? '')
      ? [at + 1]
      : []
  })
}

function indentOf(text = ''): number {
  return text.length - text.trimStart().length
}

/** The number of the one line that fits. */
function only(lines: readonly string[], fits: (text: string) => boolean): number | undefined {
  const found = lines.flatMap((text, at) => (!isComment(text) && fits(text) ? [at + 1] : []))
  return found.length === 1 ? found[0] : undefined
}

function isComment(text: string): boolean {
  return /^\s*(?:\/\/|\/?\*)/.test(text)
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
