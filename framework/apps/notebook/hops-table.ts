import type { Run } from '../../runner/pattern-runner.ts'
import { callSteps } from '../../trace/sequence/call-steps.ts'
import type { Lesson } from './lesson.ts'
import type { Rich } from './rich.ts'
import { table } from './table.ts'

/** Each hop of a recorded run: the request, its credential (redacted), and the answer. */
export function hopsTable(lesson: Lesson, run: Run): Rich {
  const steps = callSteps(run.hops, lesson.namesIn(run))
  return table({
    head: ['hop', 'asks', 'credential', 'answer'],
    rows: steps.map(({ from, to, asks, credential, answer, refused }) => [
      `${from} → ${to}`,
      asks,
      { text: credential, code: isLiteral(credential) },
      refused ? { text: answer, tone: 'bad' } : answer,
    ]),
  })
}

/** A header or an argument, and not a description of one. */
function isLiteral(credential: string): boolean {
  return /^[\w -]+: /.test(credential)
}
