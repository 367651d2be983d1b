import { useLab } from '../lab-context.ts'
import { HopContent } from './hop-content.tsx'
import { differing } from './run-column.tsx'
import { RunHeading } from './run-heading.tsx'
import { Sequence } from './sequence.tsx'
import type { RunState } from './use-run.ts'
import { Verdict } from './verdict.tsx'

/** A finished run as it is kept: each arrow opens without a script. */
export function KeptRun({ state, other }: { readonly state: RunState; readonly other: RunState }) {
  const { asked, sequence, result } = state
  const { patterns } = useLab()
  if (!asked || !sequence || !result) return undefined
  const beside = patterns.find(({ name }) => name === other.asked?.pattern)
  return (
    <article className="run">
      <div className="sequence-side">
        <RunHeading asked={asked} />
        <Sequence
          parties={sequence.parties}
          arrows={sequence.arrows}
          differs={differing(other.sequence?.arrows)}
          each={({ className, face }, arrow) => (
            <details>
              <summary className={className}>{face}</summary>
              <div className="hop opened">
                <HopContent
                  hops={arrow.hops.flatMap((at) => sequence.hops[at] ?? [])}
                  other={other.sequence}
                  otherName={beside?.short ?? ''}
                />
              </div>
            </details>
          )}
        />
      </div>
      <div className="result-side">
        <Verdict result={result} />
      </div>
    </article>
  )
}
