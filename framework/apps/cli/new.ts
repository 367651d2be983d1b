import { join, relative } from 'node:path'
import { Command } from 'commander'
import type { Kind } from '../../measure/declarations/add-to-ladder.ts'
import { createFolder } from '../../process/create-folder.ts'
import { projectFolder } from '../../process/folders.ts'
import { lab } from '../../process/how-to-run.ts'
import { shellWord } from '../../process/shell-word.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { patternsFolder } from '../../runner/load-pattern.ts'
import { newFolder } from './new-folder.ts'
import { ownFiles } from './own-folder/own-files.ts'

interface Flags {
  readonly from: string
  readonly ladder?: true
  readonly branch?: true
}

export function newCommand(): Command {
  return new Command('new')
    .description('create a pattern folder that runs at once')
    .argument('<name>', 'name of the folder, or a path')
    .option('--from <pattern>', 'the pattern to start from', 'p06')
    .option('--ladder', 'add it to the ladder, as pNN-name: pattern, declaration and notebook')
    .option('--branch', 'add it beside the ladder, as pNN-name: a branch whose base is --from')
    .action(async (name: string, { from, ladder, branch }: Flags) => {
      if (ladder && branch) {
        throw new UserError('--ladder and --branch exclude each other: a pattern is a rung or a branch')
      }
      const origin = await describePattern(from)
      if (ladder || branch) return addToProject(name, origin, branch ? 'branch' : 'rung')
      const folder = await newFolder(name)
      await createFolder(folder, ownFiles(folder, origin))
      const [place, base] = [folder, from].map(shellWord)
      say(`${folder} starts as ${origin.name}. Run it:`)
      say(
        [`pattern ${place}`, `pattern ${place} --watch`, `diff ${base} ${place}`]
          .map((words) => `  ${lab(words)}`)
          .join('\n'),
      )
    })
}

async function addToProject(name: string, origin: PatternDescription, kind: Kind): Promise<void> {
  if (origin.folder !== join(patternsFolder, origin.name)) {
    throw new UserError(
      `${origin.folder} is no pattern of this project: start --from a pattern of pnpm run list`,
    )
  }
  const { addToLadder } = await import('../../measure/declarations/add-to-ladder.ts')
  const files = await addToLadder(name, origin.name, undefined, kind)
  say(`${name} starts as ${origin.name}. Change these files:`)
  for (const file of files) say(`  ${relative(projectFolder, file)}`)
  say('Then measure it and write what is generated:')
  for (const words of [`notebooks:update ${name.slice(1)}`, 'compare --write', 'check --write']) {
    say(`  ${lab(words)}`)
  }
}
