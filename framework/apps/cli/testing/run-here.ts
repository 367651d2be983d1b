import { type Ended, runHere as runProgramHere } from '../../../process/testing/run-here.ts'
import { program } from '../program.ts'

/**
 * Runs a command in this process: see `process/testing/run-here.ts`.
 * @param args the words after `pnpm run`
 */
export function runHere(args: readonly string[], env?: Record<string, string>): Promise<Ended> {
  return runProgramHere(program(), args, env)
}
