import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../process/folders.ts'
import type { Language } from './language.ts'

/** A file of this many lines is too long for a page. */
const longest = 80

/** The source files that nobody would read on a page, a line each. */
export function tooLong({ folder, source }: Language): string[] {
  return readdirSync(join(projectFolder, folder))
    .filter((file) => source.test(file))
    .map((file) => [file, lines(join(projectFolder, folder, file))] as const)
    .filter(([, count]) => count >= longest)
    .map(([file, count]) => `${folder}/${file} has ${count} lines; they stay under ${longest}`)
}

function lines(path: string): number {
  return readFileSync(path, 'utf8').trimEnd().split('\n').length
}
