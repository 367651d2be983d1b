import { performance } from 'node:perf_hooks'
import { withResource } from '../../process/exit.ts'
import { outputWidth } from '../../process/layout.ts'
import { Progress, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { runCells } from '../../runner/cells.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { PatternRunner, type Run } from '../../runner/pattern-runner.ts'
import { prompts } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import { approvalAtTerminal } from './approval-at-terminal.ts'
import { consentAtTerminal } from './consent-at-terminal.ts'
import { allProblems, thrownBy, typeProblemsOf } from './own-folder/problems.ts'
import { startTelling } from './own-folder/start-telling.ts'
import { watchPattern } from './own-folder/watch-pattern.ts'
import { patternJson } from './pattern-json.ts'
import type { PatternReport, PatternRequest } from './pattern-report.ts'
import { patternText } from './pattern-text.ts'
import { stackOf } from './stack-of.ts'

/**
 * Runs the cells, or a prompt of your own, and prints what came of it.
 * @throws {UserError} for anything that the person who asked can fix
 */
export async function runPattern(which: string, request: PatternRequest): Promise<void> {
  const description = await describePattern(which)
  const stack = await stackOf(request.stack, request.consent ? ['consent'] : [])
  if (request.watch) {
    const { prompts, users } = request
    return watchPattern(which, { prompts, stack, users: (runner) => usersOf(runner, users) })
  }
  const options = {
    ...stack,
    ...(request.consent && { consent: consentAtTerminal(stack) }),
    ...(request.approve && { tellPerson: approvalAtTerminal }),
  }
  const began = performance.now()
  const checking = typeProblemsOf(description.folder)
  const report = await withResource(new PatternRunner(which, options), async (runner) => {
    await startTelling(runner, checking)
    const ready = performance.now()
    const users = usersOf(runner, request.users)
    const cells = request.ask === undefined ? await runAll(runner, users, request.prompts) : []
    const asked = request.ask === undefined ? [] : await ask(runner, users, request.ask)
    const problems = allProblems(await checking, thrownBy(runner))
    if (problems.length > 0) process.exitCode = 1
    const timings = { startUp: ready - began, cells: performance.now() - ready }
    const found: PatternReport = { description, which, runner, cells, asked, problems, timings }
    // Rendered while the stack is up: the report reads what its recorder holds.
    const text = request.json
      ? JSON.stringify(patternJson(found), null, 2)
      : await patternText(found, request, { width: outputWidth(), wide: request.wide })
    // A planted document can make the model say a key, so answers and arguments are not to be trusted either.
    return runner.stack.recorder.redactor.redact(text)
  })
  say(report)
}

function usersOf(runner: PatternRunner, wanted: readonly string[] | undefined): readonly string[] {
  const known = usernames(runner.realm)
  const unknown = wanted?.find((user) => !known.includes(user))
  if (unknown) throw new UserError(`unknown user "${unknown}": use ${known.join(', ')}`)
  return wanted ?? known
}

async function runAll(runner: PatternRunner, users: readonly string[], numbers: readonly number[]) {
  const progress = new Progress()
  const total = users.length * numbers.length
  let done = 0
  progress.update(`${runner.pattern.name}: 0 of ${total} cells`)
  try {
    return await runCells(runner, users, numbers, () => {
      progress.update(`${runner.pattern.name}: ${++done} of ${total} cells`)
    })
  } finally {
    progress.done()
  }
}

async function ask(runner: PatternRunner, users: readonly string[], text: string): Promise<Run[]> {
  if (text.trim() === '') throw new UserError(`--ask is empty: say what to ask, such as "${prompts[0].text}"`)
  const runs: Run[] = []
  for (const user of users) {
    runner.resetData()
    runs.push(await runner.runAs(user, text))
  }
  return runs
}
