import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Lab, type Outcome } from '../client.ts'
import { Keep } from '../keep/keep.tsx'
import { patternOf, useLab } from '../lab-context.ts'
import { PatternChoice } from '../pattern-choice.tsx'
import { EvidenceDialog } from './evidence-dialog.tsx'
import { KeptMatrix } from './kept-matrix.tsx'
import { Legend, Matrix, saidOf, signOf } from './matrix.tsx'
import { useAttacks } from './use-attacks.ts'

export interface Cell {
  readonly pattern: string
  readonly id: string
}

/** Attacks by patterns: what came of each, as it was run in this session. */
export function Attacks({ chosen }: { readonly chosen: string | undefined }) {
  const lab = useLab()
  const pattern = patternOf(lab, chosen ?? 'p06')
  const { data: outcomes = [] } = useQuery({ queryKey: ['outcomes'], queryFn: api.outcomes })
  const { progress, run } = useAttacks()
  const [open, setOpen] = useState<Cell>()
  const signature = lab.groups[0]?.attacks.map(({ id }) => id) ?? []
  return (
    <div className="stack">
      <header className="lead">
        <h1>Attacks</h1>
        <p>
          Each cell is one attack on one pattern, and is empty until it was run here. Open a cell for its
          story.
        </p>
      </header>
      <div className="card controls">
        <PatternChoice pattern={pattern} part="attacks" />
        <button
          type="button"
          className="primary"
          disabled={progress.isGoing}
          onClick={() => run([pattern.name], [])}
        >
          Run every attack on {pattern.short}
        </button>
        <button
          type="button"
          disabled={progress.isGoing}
          onClick={() =>
            run(
              lab.patterns.map(({ name }) => name),
              signature,
            )
          }
        >
          Run the signature attacks on every pattern
        </button>
        {outcomes.length > 0 && !progress.isGoing && (
          <Keep
            name="attacks"
            title="Attacks by patterns"
            about="Each cell is one attack on one pattern, as it was run."
            view={() => <KeptMatrix outcomes={outcomes} />}
          />
        )}
        <span role="status" className={progress.failure ? 'bad' : 'soft'}>
          {progress.failure || progress.text}
        </span>
      </div>
      <Legend />
      {lab.groups.map((group, at) => (
        <Group
          key={group.title}
          group={group}
          isOpen={at === 0}
          outcomes={outcomes}
          chosen={pattern.name}
          onOpen={setOpen}
        />
      ))}
      {open && <EvidenceDialog cell={open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function Group(props: {
  readonly group: Lab['groups'][number]
  readonly isOpen: boolean
  readonly outcomes: readonly Outcome[]
  readonly chosen: string
  readonly onOpen: (cell: Cell) => void
}) {
  const { group, isOpen, outcomes, chosen, onOpen } = props
  return (
    <details className="card group" open={isOpen}>
      <summary>
        <h2>{group.title}</h2> <span className="soft">{group.attacks.length}</span>
      </summary>
      <Matrix
        group={group}
        outcomes={outcomes}
        chosen={chosen}
        each={(outcome, { name, short }, id) => {
          const [sign, kind] = signOf(outcome)
          const label = `${id} on ${short}: ${saidOf(outcome)}`
          return (
            <button
              type="button"
              className={`sign ${kind}`}
              aria-label={label}
              title={label}
              onClick={() => onOpen({ pattern: name, id })}
            >
              {sign}
            </button>
          )
        }}
      />
    </details>
  )
}
