import { useEffect, useState } from 'react'
import type { ArrowView } from '../../../run-view.ts'
import { useLab } from '../lab-context.ts'
import { HopPanel } from './hop-panel.tsx'
import { RunHeading } from './run-heading.tsx'
import { Sequence } from './sequence.tsx'
import { Steps } from './steps.tsx'
import type { RunState } from './use-run.ts'
import { Verdict } from './verdict.tsx'

/** One run: its sequence, what came of it, and the hop that is open. */
export function RunColumn({ state, other }: { readonly state: RunState; readonly other: RunState }) {
  const { asked, sequence, result, failure, isGoing } = state
  const { patterns } = useLab()
  const [open, setOpen] = useState<number>()
  const [shown, setShown] = useState<number>()
  // Another run: nothing of the one before stays open.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that counts
  useEffect(() => {
    setOpen(undefined)
    setShown(undefined)
  }, [asked])
  if (!asked)
    return <p className="soft empty">Choose, and press Run: the sequence appears here as it happens.</p>
  const pattern = patterns.find(({ name }) => name === asked.pattern)
  const arrows = sequence?.arrows ?? []
  const upTo = shown ?? arrows.length
  const arrow = open === undefined ? undefined : arrows[open]
  return (
    <article className="run" aria-label={`${pattern?.short}: ${asked.user} asks`}>
      <div className="sequence-side">
        <RunHeading asked={asked} />
        {failure && (
          <p className="bad" role="alert">
            ✗ It could not be run: {failure}
          </p>
        )}
        {isGoing && !sequence && <p className="soft">Starting the pattern…</p>}
        {sequence && (
          <>
            <Sequence
              parties={sequence.parties}
              arrows={arrows.slice(0, upTo)}
              differs={differing(other.sequence?.arrows)}
              each={({ className, face }, _arrow, at) => (
                <button
                  type="button"
                  className={className}
                  aria-expanded={at === open}
                  onClick={() => setOpen(at === open ? undefined : at)}
                >
                  {face}
                </button>
              )}
            />
            {!isGoing && <Steps count={arrows.length} shown={upTo} onShow={setShown} />}
          </>
        )}
      </div>
      <div className="result-side">
        <div aria-live="polite">{result && <Verdict result={result} />}</div>
        {sequence && arrow && (
          <HopPanel
            key={open}
            arrow={arrow}
            sequence={sequence}
            pattern={asked.pattern}
            other={other.sequence}
            otherName={patterns.find(({ name }) => name === other.asked?.pattern)?.short ?? ''}
            onClose={() => setOpen(undefined)}
          />
        )}
        {sequence && !arrow && !isGoing && <p className="soft">Open an arrow to read what was sent.</p>}
      </div>
    </article>
  )
}

/** Tells whether the other run has no arrow like this one; undefined where there is no other run. */
export function differing(
  others: readonly ArrowView[] | undefined,
): ((arrow: ArrowView) => boolean) | undefined {
  if (!others) return undefined
  const known = new Set(others.map(keyOf))
  return (arrow) => !known.has(keyOf(arrow))
}

function keyOf({ from, to, text, detail, kind }: ArrowView): string {
  return [from, to, text, detail, kind].join('\n')
}
