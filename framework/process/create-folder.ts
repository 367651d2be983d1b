import { lstat, mkdir, rmdir, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from './user-error.ts'

/**
 * Creates a folder with files in it, and the folders above it that are missing.
 * @param files names and contents
 * @throws {UserError} if any of it cannot be created; then nothing is left behind
 */
export async function createFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const undo: (() => Promise<void>)[] = []
  try {
    // One at a time: the recursive mkdir of Node never ends under /proc.
    for (const each of await missingFolders(folder)) {
      await mkdir(each)
      undo.unshift(() => rmdir(each))
    }
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, name)
      undo.unshift(() => unlink(file))
      await writeFile(file, text, { flag: 'wx' })
    }
  } catch (error) {
    for (const step of undo) await step().catch(() => {})
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(`cannot create ${folder} (${code}): choose a place where you may write`, {
      cause: error,
    })
  }
}

/** True for anything that has this name: a link to nothing too. */
export async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** The folder and those above it that do not exist, outermost first. */
async function missingFolders(folder: string): Promise<string[]> {
  if (await isTaken(folder)) return []
  return dirname(folder) === folder ? [] : [...(await missingFolders(dirname(folder))), folder]
}
