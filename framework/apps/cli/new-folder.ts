import { dirname, resolve } from 'node:path'
import { isVisible, visible } from '@lab/contract'
import { isTaken } from '../../process/create-folder.ts'
import { UserError } from '../../process/user-error.ts'
import { patternNames, patternsFolder, unloadable } from '../../runner/load-pattern.ts'

/**
 * The place for a new pattern folder.
 * @param name a name, for a folder in the working directory, or a path
 * @throws {UserError} for a name that is taken, that means a pattern of the ladder, or from which Node cannot load
 */
export async function newFolder(name: string): Promise<string> {
  const folder = resolve(name)
  const refuse = (reason: string): never => {
    throw new UserError(`cannot create ${visible(folder)}: ${reason}`)
  }
  if (name.trim() === '') throw new UserError('the name is empty: choose one, for example my-pattern')
  if (!isVisible(folder)) refuse('its path has invisible characters; choose another name')
  if (unloadable(folder)) refuse(`Node cannot load code from a path with ? or \\; choose another name`)
  if ((await patternNames()).includes(name) || /^p?\d{1,2}$/.test(name)) {
    refuse(`"${name}" means a pattern of the ladder in every command; choose another name`)
  }
  if (dirname(folder) === resolve(patternsFolder)) {
    refuse(
      'patterns/ holds the ladder and its branches; choose another place, or add one: pnpm run new --ladder pNN-name',
    )
  }
  if (await isTaken(folder)) refuse('it exists already; choose another name')
  return folder
}
