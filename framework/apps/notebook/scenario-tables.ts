import { tools } from '@lab/contract'
import { describePattern } from '../../runner/describe-pattern.ts'
import { patternNames } from '../../runner/load-pattern.ts'
import { prompts } from '../../scenario/prompts.ts'
import type { Lesson } from './lesson.ts'
import type { Rich } from './rich.ts'
import { table } from './table.ts'

/** The users of the realm: roles, department and manager of each. */
export function usersTable({ runner }: Lesson): Rich {
  return table({
    head: ['user', 'realm role', 'department', 'reports to'],
    rows: runner.realm.users.map(({ username, roles, department, manager }) => [
      username,
      roles.join(' '),
      department,
      manager ?? '–',
    ]),
  })
}

/** The tools, each with the service that is behind it and the scope that it needs. */
export function toolsTable(): Rich {
  return table({
    head: ['tool', 'service (audience)', 'capability', 'scope'],
    rows: Object.entries(tools).map(([name, { service, capability, scope }]) => [
      { text: name, code: true },
      service,
      capability,
      { text: scope, code: true },
    ]),
  })
}

/** The canonical prompts. */
export function promptsTable(): Rich {
  return table({ head: ['', 'prompt'], rows: prompts.map(({ number, text }) => [String(number), text]) })
}

/** The patterns in order, and what each still allows. */
export async function patternsTable(): Promise<Rich> {
  const all = await Promise.all((await patternNames()).map(describePattern))
  return table({
    head: ['pattern', 'what it does', 'still allows'],
    rows: all.map(({ name, mcpAuth }) => [name, mcpAuth.summary, mcpAuth.stillAllows]),
  })
}
