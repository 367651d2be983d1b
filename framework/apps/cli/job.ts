import { resolve } from 'node:path'
import { Command } from 'commander'
import { tone } from '../../process/colours.ts'
import { withResource } from '../../process/exit.ts'
import { gridWithReason, outputWidth } from '../../process/layout.ts'
import { say } from '../../process/terminal.ts'
import type { Run } from '../../runner/pattern-runner.ts'
import { type StackFlags, stackFrom } from '../../runner/stack-from.ts'
import { decisiveRecord } from '../../trace/audit/records.ts'
import { stackOptions } from './stack-flags.ts'

/** The work of one night, in the words of the prompts. */
const tasks = [
  "Show me Alice's expenses.",
  "Show me Bob's expenses.",
  'Find the incident runbook.',
  'Submit a 42 euro lunch expense.',
]

interface Flags extends StackFlags {
  readonly json?: true
  readonly wide?: true
  readonly workload?: string
}

export function jobCommand(): Command {
  const command = new Command('job')
    .description('run the nightly job on a pattern: the agent works for nobody, and no user signs in')
    .argument('[pattern]', 'number, folder name or path', 'p12')
    .option(
      '--workload <file>',
      'the agent proves itself by tokens in this file, which a platform renews; default: by its key',
    )
    .option('--wide', 'one line a row, however narrow the terminal is')
    .option('--json', 'one JSON document instead of text')
  return stackOptions(command)
    .addHelpText('after', '\nExits 1 if a task was not served.')
    .action(async (which: string, flags: Flags) => {
      const { workload } = flags
      const { PatternRunner } = await import('../../runner/pattern-runner.ts')
      await withResource(
        new PatternRunner(which, {
          ...(await stackFrom(flags)),
          ...(workload && { workloadFile: resolve(workload) }),
        }),
        async (runner) => {
          await runner.start()
          const runs: Run[] = []
          for (const task of tasks) runs.push(await runner.runJob(task))
          const done = runs.map(taskDone)
          if (flags.json) say(JSON.stringify(done, null, 2))
          else for (const line of jobLines(done, flags.wide === true)) say(line)
          if (done.some(({ decision }) => decision !== 'allow')) process.exitCode = 1
        },
      )
    })
}

function taskDone({ prompt, audit, trace }: Run) {
  const { user, client, tool, decision, reason } = decisiveRecord(audit) ?? {}
  return {
    task: prompt,
    tool: tool ?? 'none',
    user: user ?? 'nobody',
    agent: client ?? 'unknown',
    decision: decision ?? 'error',
    reason: reason ?? 'no service was reached',
    trace,
  }
}

function jobLines(done: readonly ReturnType<typeof taskDone>[], wide: boolean): string[] {
  const head = ['task', 'tool', 'user', 'agent', 'decision', 'why']
  const rows = done.map(({ task, tool, user, agent, decision, reason }) => [
    task,
    tool,
    user,
    agent,
    decision,
    reason,
  ])
  return gridWithReason([head, ...rows], { width: outputWidth(), wide }, (cell, _column, row) =>
    row === 0 ? tone.head(cell) : cell,
  )
}
