import { attacks } from '../../../attacks/index.ts'
import { runAttacks } from '../../../attacks/run-attacks.ts'
import { UserError } from '../../../process/user-error.ts'
import { runCells } from '../../../runner/cells.ts'
import type { PatternRunner } from '../../../runner/pattern-runner.ts'
import { typeProblems } from '../../../runner/type-check/type-problems.ts'
import { promptNumbers } from '../../../scenario/prompts.ts'
import { usernames } from '../../../scenario/realm/lookup.ts'
import { thrownBy } from '../../cli/own-folder/problems.ts'
import type { CopyListener, CopyProblem } from './copy-report.ts'
import { loadFailure } from './load-failure.ts'
import type { Stage } from './stage.ts'

/**
 * Measures a folder: what TypeScript and the loader say, every cell, and every attack, the signature attacks first.
 * @param onStart is told when a stack has to be started first, and when it is up
 * @returns why it could not be measured; empty where it was
 */
export async function measureCopy(
  stage: Stage,
  folder: string,
  { onProblem, onCell, onAttack }: Omit<CopyListener, 'onSaid'>,
  onStart: (isStarting: boolean) => void = () => {},
): Promise<string> {
  const told: CopyProblem[] = []
  // At a line that TypeScript complains of, that says it.
  const tell = (problem: CopyProblem) => {
    if (told.some(({ file, line }) => file === problem.file && line === problem.line)) return
    told.push(problem)
    onProblem(problem)
  }
  const checking = typeProblems(folder).then((found) => found.forEach(tell))
  // Awaited below, and by then it may have failed for a while.
  checking.catch(() => {})
  let runner: PatternRunner
  try {
    runner = await stage.with(folder, onStart)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await checking
    const problem = loadFailure(error.message, folder)
    tell(problem)
    const place = problem.line === null ? problem.file : `${problem.file} line ${problem.line}`
    return `your copy cannot be loaded (${place}): correct it and run it again`
  }
  await runCells(runner, usernames(runner.realm), promptNumbers, onCell)
  await checking
  for (const { file, line = null, message } of thrownBy(runner)) {
    tell({ file: file.split('/').at(-1) ?? file, line, message })
  }
  // No attack is an attempt to find out what a broken pattern throws.
  await runAttacks(runner, attacks, onAttack)
  return ''
}
