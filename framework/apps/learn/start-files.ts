import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { patternFiles, patternsFolder } from '../../runner/load-pattern.ts'
import { attackFile } from './judge-attack.ts'
import { patternOf, type WorkLab } from './load-labs.ts'

/** A lab's own files to start from. The lab has those that differ from the rung's; the others are the rung's. */
export async function startFiles({
  folder,
  lab,
}: Pick<WorkLab, 'folder' | 'lab'>): Promise<Map<string, string>> {
  const names = lab.kind === 'attack' ? [attackFile] : patternFiles
  const texts = names.map(async (name): Promise<[string, string]> => {
    const own = join(folder, 'start', name)
    if (existsSync(own)) return [name, await readFile(own, 'utf8')]
    const rungs = join(patternsFolder, await patternOf(lab.rung), name)
    return [name, withoutHeader(await readFile(rungs, 'utf8'))]
  })
  return new Map(await Promise.all(texts))
}

/** The files that the learner reads and does not change, such as a leaked log. They stand beside the code in `start/`. */
export async function leakedFiles({
  folder,
  lab,
}: Pick<WorkLab, 'folder' | 'lab'>): Promise<Map<string, string>> {
  const code: readonly string[] = lab.kind === 'attack' ? [attackFile] : patternFiles
  const names = existsSync(join(folder, 'start')) ? await readdir(join(folder, 'start')) : []
  const leaked = names.filter((name) => !code.includes(name)).sort()
  const texts = leaked.map(
    async (name): Promise<[string, string]> => [name, await readFile(join(folder, 'start', name), 'utf8')],
  )
  return new Map(await Promise.all(texts))
}

/** All that the lab gives: the code to work on, and what leaked. */
export async function givenFiles(lab: Pick<WorkLab, 'folder' | 'lab'>): Promise<Map<string, string>> {
  return new Map([...(await startFiles(lab)), ...(await leakedFiles(lab))])
}

/** The header says what the pattern proves, which may be the answer. */
export function withoutHeader(source: string): string {
  return source.replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
}
