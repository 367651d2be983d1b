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
  readonly from?: string
  readonly ladder?: true
  readonly branch?: true
  readonly policy?: string
  readonly realm?: string
}

export function newCommand(): Command {
  return new Command('new')
    .description('create a pattern folder, a policy or a realm that runs at once')
    .argument('[name]', 'name of the pattern folder, or a path')
    .option('--from <origin>', 'the pattern to start from (default: "p06"); with --realm: a Keycloak export')
    .option('--ladder', 'add it to the ladder, as pNN-name: pattern, declaration and notebook')
    .option('--branch', 'add it beside the ladder, as pNN-name: a branch whose base is --from')
    .option('--policy <folder>', 'create a folder of Rego instead: the policy of opa/, to change')
    .option('--realm <file>', 'create a realm file instead: a Keycloak export with what the scenario needs')
    .action(async (name: string | undefined, flags: Flags) => {
      requireOne(name, flags)
      if (flags.policy !== undefined || flags.realm !== undefined) {
        const { newPolicy, newRealm } = await import('./new-parts.ts')
        if (flags.policy !== undefined) await newPolicy(flags.policy)
        if (flags.realm !== undefined) await newRealm(flags.realm, flags.from)
        return
      }
      const { from = 'p06', ladder, branch } = flags
      if (ladder && branch) {
        throw new UserError('--ladder and --branch exclude each other: a pattern is a rung or a branch')
      }
      const origin = await describePattern(from)
      if (ladder || branch) return addToProject(name ?? '', origin, branch ? 'branch' : 'rung')
      const folder = await newFolder(name ?? '')
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

/** @throws {UserError} for no name, for two things at once, and for an option that belongs to another one */
function requireOne(name: string | undefined, { policy, realm, ladder, branch, from }: Flags): void {
  const part = policy ?? realm
  if (name === undefined && part === undefined) {
    throw new UserError(
      `name what to create: ${lab('new mine')}, ${lab('new --policy ./my-opa')} or ${lab('new --realm ./my-realm.json')}`,
    )
  }
  if (part !== undefined && (name !== undefined || ladder || branch)) {
    throw new UserError(
      '--policy and --realm create a policy and a realm: leave the name of a pattern, --ladder and --branch out',
    )
  }
  if (policy !== undefined && realm === undefined && from !== undefined) {
    throw new UserError('--from is for a pattern or a realm: a policy starts as the one of opa/')
  }
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
