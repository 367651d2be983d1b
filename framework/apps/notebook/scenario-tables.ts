import { tools } from '@lab/contract'
import { patternOrder } from '../../measure/declarations/order.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import type { Rich } from './rich.ts'
import { table } from './table.ts'

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

/** The ladder in order and then the branches, and what each still allows. */
export async function patternsTable(): Promise<Rich> {
  const all = await Promise.all((await patternOrder()).names.map(describePattern))
  return table({
    head: ['pattern', 'what it does', 'still allows'],
    rows: all.map(({ name, mcpAuth }) => [name, mcpAuth.summary, mcpAuth.stillAllows]),
  })
}
