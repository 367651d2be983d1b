import { conversation } from './conversation.ts'
import type { Lesson } from './lesson.ts'
import { markdown, type Rich } from './rich.ts'
import { sequenceDiagram } from './sequence-diagram.ts'

/** Runs the injection: the conversation in which the model obeys a document, and the hops of the whole run. */
export async function injectedRun(lesson: Lesson): Promise<Rich[]> {
  const { hops, outcome, reason } = await lesson.attack('injection-within-authority')
  const obeyed = hops.findLast(({ to, response }) => to === 'model' && response.body.includes('"tool_calls"'))
  if (outcome !== 'succeeds' || !obeyed) return [markdown(`The injection did not succeed: ${reason}.`)]
  const run = { hops: hops.filter(({ trace }) => trace === obeyed.trace) }
  return [conversation(lesson, run), await sequenceDiagram(lesson, run)]
}
