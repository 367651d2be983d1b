import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'

/** Words that a reader today stumbles over, with the plain ones in their place. */
const archaic: readonly (readonly [RegExp, string])[] = [
  [/\bmends?\b|\bmended\b|\bmending\b/i, 'fix'],
  [/\bdeeds?\b/i, 'action'],
  [/\bweighty\b/i, 'sensitive'],
  [/\bcan(?:not| not) be had\b/i, 'is unavailable'],
  [/\bof one's own\b/i, 'your own'],
  [/\bsuch as by\b/i, 'for example with'],
  [/\b(?:came|comes|come) out otherwise\b/i, 'differs'],
  [/\bwherefore\b|\bwhereof\b/i, 'why'],
]

/** A doc comment that begins so is a riddle in a list: it does not name the thing. A question may. */
const riddle = /\/\*\*\s*(?:\n\s*\* )?((?:What|Whether|How|Where|Who|When|Which|Why)\b[^\n]*)/g

async function filesOf(pattern: RegExp): Promise<string[]> {
  const entries = await readdir(projectFolder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(projectFolder, join(entry.parentPath, entry.name)))
    .filter((path) => !/node_modules|^\.|^(reports|my-labs)\/|^LICENSE/.test(path))
    .filter((path) => path !== 'framework/measure/structure/voice.test.ts')
}

const read = (path: string) => readFileSync(join(projectFolder, path), 'utf8')

describe('one voice', async () => {
  const sources = await filesOf(/\.(ts|mts|mjs|js)$/)
  const texts = [...sources, ...(await filesOf(/\.(md|ipynb|rego|html)$/))]

  it('doc comments name the thing', () => {
    const riddles = sources.flatMap((path) =>
      [...read(path).matchAll(riddle)]
        .map(([, text = '']) => text.replace(/\s*\*\/.*/, ''))
        .filter((text) => !text.endsWith('?'))
        .map((text) => `${path}: ${text}`),
    )
    expect(riddles).toEqual([])
  })

  it('words are of today', () => {
    const found = texts.flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, at) =>
          archaic
            .filter(([word]) => word.test(line))
            .map(([, better]) => `${path}:${at + 1}: say "${better}": ${line.trim().slice(0, 100)}`),
        ),
    )
    expect(found).toEqual([])
  })
})
