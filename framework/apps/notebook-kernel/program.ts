import { commandLine } from '@lab/framework/command-line'
import type { Command } from 'commander'
import { registerKernel, userDataFolder } from './jupyter/kernel-spec.ts'

/** The command lines of the notebooks. */
export function program(): Command {
  const program = commandLine().description(
    'The notebooks of Agent Auth Lab, and the kernel that they run in.',
  )
  program
    .command('notebooks')
    .description('open JupyterLab on the notebooks, with their kernel; installs nothing outside this folder')
    .argument('[options...]', 'for JupyterLab, for example --no-browser --port 8899')
    .allowUnknownOption()
    .action(async (options: string[]) => {
      const { openLab } = await import('./jupyter/open-lab.ts')
      process.exitCode = await openLab(options)
    })

  program
    .command('notebooks:kernel')
    .description('register the kernel for this user, so that VS Code and any Jupyter find it')
    .action(async () => {
      const folder = await registerKernel(userDataFolder(process.env))
      process.stdout.write(
        `Registered in ${folder}.\nOpen a notebook and choose the kernel "TypeScript (Agent Auth Lab)".\n`,
      )
    })

  program
    .command('notebooks:update')
    .description('execute the notebooks, headless, and write their outputs into them')
    .argument('[name]', 'only notebooks whose file name starts with this, for example 06', '')
    .action(async (name: string) => {
      const { updateNotebooks } = await import('./headless/update.ts')
      await updateNotebooks(name, (done) => process.stdout.write(`${done}\n`))
    })

  return program
}
