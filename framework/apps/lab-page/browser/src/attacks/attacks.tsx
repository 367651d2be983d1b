import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Lab, type Outcome } from '../client.ts'
import { patternOf, useLab } from '../lab-context.ts'
import { PatternChoice } from '../pattern-choice.tsx'
import { EvidenceDialog } from './evidence-dialog.tsx'
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
        <span role="status" className={progress.failure ? 'bad' : 'soft'}>
          {progress.failure || progress.text}
        </span>
      </div>
      <p className="legend">
        <Key sign="S" kind="bad" text="succeeds" />
        <Key sign="B" kind="good" text="blocked" />
        <Key sign="–" kind="" text="does not apply" />
        <Key sign="·" kind="soft" text="not run yet" />
      </p>
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

function Key({ sign, kind, text }: { readonly sign: string; readonly kind: string; readonly text: string }) {
  return (
    <span>
      <b className={`sign ${kind}`}>{sign}</b> {text}
    </span>
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
  const { patterns } = useLab()
  return (
    <details className="card group" open={isOpen}>
      <summary>
        <h2>{group.title}</h2> <span className="soft">{group.attacks.length}</span>
      </summary>
      <div className="scrolls">
        <table className="matrix">
          <thead>
            <tr>
              <th scope="col">attack</th>
              {patterns.map(({ name, short }) => (
                <th key={name} scope="col" className={name === chosen ? 'chosen' : ''}>
                  {short}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {group.attacks.map(({ id }) => (
              <tr key={id}>
                <th scope="row">{id}</th>
                {patterns.map(({ name, short }) => (
                  <td key={name} className={name === chosen ? 'chosen' : ''}>
                    <MatrixCell
                      outcome={outcomes.find((each) => each.id === id && each.pattern === name)}
                      label={`${id} on ${short}`}
                      onOpen={() => onOpen({ pattern: name, id })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

const signs: Readonly<Record<string, readonly [string, string]>> = {
  succeeds: ['S', 'bad'],
  blocked: ['B', 'good'],
  'n/a': ['–', ''],
  error: ['!', 'bad'],
}

function MatrixCell(props: {
  readonly outcome: Outcome | undefined
  readonly label: string
  readonly onOpen: () => void
}) {
  const { outcome, label, onOpen } = props
  const [sign, kind] = (outcome && signs[outcome.outcome]) ?? ['·', 'soft']
  const said = outcome ? outcome.outcome : 'not run yet'
  const isOther = outcome?.expected !== undefined && outcome.expected !== outcome.outcome
  return (
    <button
      type="button"
      className={`sign ${kind}`}
      aria-label={`${label}: ${said}`}
      title={`${label}: ${said}`}
      onClick={onOpen}
    >
      {sign}
      {isOther && <sup title="not as declared">≠</sup>}
    </button>
  )
}
