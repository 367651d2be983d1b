import type { Lab, Outcome } from '../client.ts'
import { useLab } from '../lab-context.ts'
import { Legend, Matrix, saidOf, signOf } from './matrix.tsx'

/** The attacks that were run, as they are kept: the tables, and why each ended as it did. */
export function KeptMatrix({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  const { groups } = useLab()
  const wasRun = ({ attacks }: Lab['groups'][number]) =>
    attacks.some(({ id }) => outcomes.some((outcome) => outcome.id === id))
  return (
    <>
      <Legend />
      {groups.filter(wasRun).map((group) => (
        <section key={group.title} className="card group">
          <h2>{group.title}</h2>
          <Matrix
            group={group}
            outcomes={outcomes}
            each={(outcome) => {
              const [sign, kind] = signOf(outcome)
              return (
                <span className={`sign ${kind}`} role="img" aria-label={saidOf(outcome)}>
                  {sign}
                </span>
              )
            }}
          />
        </section>
      ))}
      <section className="card">
        <h2>Why</h2>
        <ul className="reasons">
          {outcomes.map(({ id, pattern, outcome, reason }) => (
            <li key={`${pattern} ${id}`}>
              <b>{id}</b> on {pattern.slice(0, 3)}: {outcome}, {reason}
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
