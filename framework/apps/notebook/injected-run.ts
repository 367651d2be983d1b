import type { Hop } from '../../trace/recorder/hop.ts'
import type { Lesson } from './lesson.ts'
import { markdown, type Rich } from './rich.ts'
import { sequenceDiagram } from './sequence-diagram.ts'
import { table } from './table.ts'

/** Runs the injection: the documents that the model had read when it made its last tool call, and the whole run. */
export async function injectedRun(lesson: Lesson): Promise<Rich[]> {
  const { hops, outcome, reason } = await lesson.attack('injection-within-authority')
  const obeyed = hops.findLast(({ to, response }) => to === 'model' && response.body.includes('"tool_calls"'))
  if (outcome !== 'succeeds' || !obeyed) return [markdown(`The injection did not succeed: ${reason}.`)]
  const run = { hops: hops.filter(({ trace }) => trace === obeyed.trace) }
  return [documentsTable(obeyed), sequenceDiagram(lesson, run)]
}

function documentsTable({ request }: Hop): Rich {
  const { documents }: { documents: { id: string; text: string }[] } = JSON.parse(
    JSON.parse(request.body).messages.at(-1).content,
  )
  return table({
    title: 'What the search returned, and the model read',
    head: ['document', 'text'],
    rows: documents.map(({ id, text }) => [id, { text, code: true }]),
  })
}
