import { useLab } from '../lab-context.ts'
import { HopContent } from './hop-content.tsx'
import { differing } from './run-column.tsx'
import { Sequence } from './sequence.tsx'
import type { RunState } from './use-run.ts'
import { Verdict } from './verdict.tsx'

/** A finished run as it is kept: each arrow opens without a script. */
export function KeptRun({ state, other }: { readonly state: RunState; readonly other: RunState }) {
  const { asked, sequence, result } = state
  const { patterns } = useLab()
  if (!asked || !sequence || !result) return undefined
  const named = (name: string | undefined) => patterns.find((each) => each.name === name)
  const pattern = named(asked.pattern)
  return (
    <article className="run">
      <div className="sequence-side">
        <h2>
          <span className="number">{pattern?.short}</span> {pattern?.title}
        </h2>
        <p className="soft">
          {asked.user} asks: “{asked.prompt}”
        </p>
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
                  otherName={named(other.asked?.pattern)?.short ?? ''}
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
