import { join } from 'node:path'
import { UserError } from '@lab/framework'
import { forEachNotebook, notebookNames, notebooksFolder } from './all-notebooks.ts'
import { readNotebook, writeNotebook } from './notebook-file.ts'
import { runNotebook } from './run-notebook.ts'
import { withPen, withStillPictures } from './still-pictures.ts'

/**
 * Executes notebooks and writes their outputs into them.
 * @param only file names that begin so; default: all
 * @param onDone is told of each as it is done
 * @throws {UserError} where no name begins so
 * @throws {CellError} for a cell that fails; that notebook is left as it was
 */
export async function updateNotebooks(only: string, onDone: (name: string) => void): Promise<void> {
  const all = await notebookNames()
  const names = all.filter((name) => name.startsWith(only))
  if (names.length === 0) {
    throw new UserError(`no notebook begins with "${only}": choose from ${all.join(', ')}`)
  }
  const results = await withPen((draw) => {
    const written = forEachNotebook(names, async (name) => {
      const path = join(notebooksFolder, name)
      const before = await readNotebook(path)
      await writeNotebook(path, await withStillPictures(await runNotebook(path), before, draw))
      onDone(name)
    })
    return Promise.allSettled(written)
  })
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
