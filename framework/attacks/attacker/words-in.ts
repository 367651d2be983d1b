import { readFile } from 'node:fs/promises'

/** Of more words than this the first are tried. */
const most = 40

/** A string of one line that a header can carry. */
const word = /(['"`])([\x21-\x7e][\x20-\x7e]{0,60}?)\1/g

/** The strings in a file of code, each once: names of roles, of claims, of whatever it compares with. */
export async function wordsIn(file: string): Promise<string[]> {
  const code = await readFile(file, 'utf8')
  const found = [...code.matchAll(word)].flatMap(([, , text = '']) => text)
  return [...new Set(found)].filter((text) => !/^[@.]|\\|\$\{/.test(text)).slice(0, most)
}
