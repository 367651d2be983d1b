import { pc } from '../../process/colours.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import { asRecorded, callSteps } from '../../trace/sequence/call-steps.ts'
import { type Arrow, arrowLines, arrowsOf } from '../../trace/sequence/sequence.ts'

/** The way of one call: who asked whom for what, with which credential, and what was answered. */
export function oneCall(hops: readonly Hop[]): string[] {
  return arrowsOf(callSteps(hops, asRecorded)).flatMap((arrow) => arrowLines(arrow).map(paintOf(arrow)))
}

function paintOf({ kind }: Arrow) {
  if (kind === 'refusal') return pc.yellow
  if (kind === 'answer') return pc.dim
  return (line: string, at: number) => (at === 0 ? line : pc.dim(line))
}
