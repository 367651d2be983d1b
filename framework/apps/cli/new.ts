import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { patternFiles } from '../../runner/load-pattern.ts'

export function newCommand(): Command {
  return new Command('new')
    .description('a pattern folder of your own, that runs at once')
    .argument('<name>', 'folder to make; a path, if it should stand elsewhere than here')
    .option('--from <pattern>', 'the pattern to start from', 'p06')
    .action(async (name: string, { from }: { from: string }) => {
      const origin = await describePattern(from)
      const folder = resolve(name)
      if (existsSync(folder)) throw new UserError(`${folder} is there already: choose another name`)
      await mkdir(folder, { recursive: true })
      for (const file of patternFiles) await writeFile(join(folder, file), origin.source[file])
      say(
        `${folder} starts as ${origin.name}. Run it:\n  pnpm run pattern ${folder}\n  pnpm run diff ${from} ${folder}`,
      )
    })
}
