import { join, relative } from 'node:path'
import { Command } from 'commander'
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

export function newCommand(): Command {
  return new Command('new')
    .description('create a pattern folder that runs at once')
    .argument('<name>', 'name of the folder, or a path')
    .option('--from <pattern>', 'the pattern to start from', 'p06')
    .option('--ladder', 'add it to the ladder, as pNN-name: pattern, declaration and notebook')
    .action(async (name: string, { from, ladder }: { from: string; ladder?: true }) => {
      const origin = await describePattern(from)
      if (ladder) return addToTheLadder(name, origin)
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

async function addToTheLadder(name: string, origin: PatternDescription): Promise<void> {
  if (origin.folder !== join(patternsFolder, origin.name)) {
    throw new UserError(`${origin.folder} is not on the ladder: start --from a pattern of pnpm run list`)
  }
  const { addToLadder } = await import('../../measure/declarations/add-to-ladder.ts')
  const files = await addToLadder(name, origin.name)
  say(`${name} starts as ${origin.name}. Change these files:`)
  for (const file of files) say(`  ${relative(projectFolder, file)}`)
  say('Then measure it and write what is generated:')
  for (const words of [`notebooks:update ${name.slice(1)}`, 'compare --write', 'check --write']) {
    say(`  ${lab(words)}`)
  }
}
