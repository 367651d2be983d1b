import type { Place } from '../../process/layout.ts'
import { wrapped } from '../../process/wrap.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import { asRecorded, callSteps } from '../../trace/sequence/call-steps.ts'
import { arrowLines, arrowsOf } from '../../trace/sequence/sequence.ts'

/**
 * The way of one call: who asked whom for what, with which credential, and what was answered. It has no colours: a
 * refusal may be as it should be.
 */
export function oneCall(hops: readonly Hop[], { width, wide }: Place): string[] {
  const lines = arrowsOf(callSteps(hops, asRecorded)).flatMap(arrowLines)
  return wide ? lines : lines.flatMap((line) => hanging(line, width))
}

/** A long line goes on below, further in than it began. */
function hanging(line: string, width: number): string[] {
  const text = line.trimStart()
  const indent = ' '.repeat(line.length - text.length)
  const [first = '', ...rest] = wrapped(text, width - indent.length - 4)
  return [indent + first, ...rest.map((each) => `${indent}    ${each}`)]
}
