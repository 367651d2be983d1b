import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { projectFolder } from '../../process/folders.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { describePattern, type PatternDescription } from '../../runner/describe-pattern.ts'
import { patternFiles, patternsFolder } from '../../runner/load-pattern.ts'

export function newCommand(): Command {
  return new Command('new')
    .description('a pattern folder of your own, that runs at once')
    .argument('<name>', 'folder to make; a path, if it should stand elsewhere than here')
    .option('--from <pattern>', 'the pattern to start from', 'p06')
    .option('--ladder', 'add it to the ladder, as pNN-name: pattern, declaration and notebook')
    .action(async (name: string, { from, ladder }: { from: string; ladder?: true }) => {
      const origin = await describePattern(from)
      if (ladder) return addToTheLadder(name, origin)
      const folder = resolve(name)
      if (existsSync(folder)) throw new UserError(`${folder} is there already: choose another name`)
      await mkdir(folder, { recursive: true })
      for (const file of patternFiles) await writeFile(join(folder, file), origin.source[file])
      say(
        `${folder} starts as ${origin.name}. Run it:\n  pnpm run pattern ${folder}\n  pnpm run diff ${from} ${folder}`,
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
  say(`  pnpm run notebooks:update ${name.slice(1)}\n  pnpm run compare --write\n  pnpm run check --write`)
}
