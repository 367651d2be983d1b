import { exitCodeOf } from '@lab/framework/exit'
import { Command, CommanderError } from 'commander'
import { registerKernel, userDataFolder } from './jupyter/kernel-spec.ts'

const program = new Command('pnpm run')
  .description('The notebooks of Agent Auth Lab, and the kernel that they run in.')
  .exitOverride()
  .showHelpAfterError('(--help tells what there is)')

program
  .command('notebooks')
  .description(
    'open JupyterLab on the notebooks, with their kernel; nothing is installed outside of this folder',
  )
  .argument('[options...]', 'passed on to JupyterLab, such as --no-browser --port 8899')
  .allowUnknownOption()
  .action(async (options: string[]) => {
    const { openLab } = await import('./jupyter/open-lab.ts')
    process.exitCode = await openLab(options)
  })

program
  .command('notebooks:kernel')
  .description('register the kernel for this user, so that VS Code and every Jupyter find it')
  .action(async () => {
    const folder = await registerKernel(userDataFolder(process.env))
    process.stdout.write(
      `Registered in ${folder}.\nOpen a notebook and choose the kernel "TypeScript (Agent Auth Lab)".\n`,
    )
  })

program
  .command('notebooks:update')
  .description('execute the notebooks, headless, and write their outputs into them')
  .argument('[name]', 'only those whose file names begin so, such as 06', '')
  .action(async (name: string) => {
    const { updateNotebooks } = await import('./headless/update.ts')
    await updateNotebooks(name, (done) => process.stdout.write(`${done}\n`))
  })

try {
  await program.parseAsync(process.argv.filter((word, at) => !(at === 3 && word === '--')))
} catch (error) {
  // Commander has said what was wrong, in its one line, before it threw.
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : exitCodeOf(error)
}
