import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { projectFolder } from '../../../process/folders.ts'

/** Folders of tools and of runs, which are no part of the project. */
const notOurs = new Set(['node_modules', '.git', '.jupyter', '.stack', 'reports', '.ipynb_checkpoints'])

/** The files of the project whose path ends so, relative to the checkout. */
export function filesEndingWith(ending: string, folder = projectFolder): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !notOurs.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesEndingWith(ending, path)
      return path.endsWith(ending) ? [relative(projectFolder, path)] : []
    })
    .sort()
}

/** The text of a file of the project. */
export function textOf(path: string): string {
  return readFileSync(join(projectFolder, path), 'utf8')
}
