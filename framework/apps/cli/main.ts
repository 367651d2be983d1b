import { releaseAtSignals } from '../../process/exit.ts'
import { runProgram } from './program.ts'

releaseAtSignals()
// A reader that has seen enough, such as `head`, closes the pipe: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.exitCode = await runProgram(process.argv.slice(2))
