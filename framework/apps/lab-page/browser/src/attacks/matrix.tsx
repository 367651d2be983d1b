import type { ReactNode } from 'react'
import type { Lab, Outcome, Pattern } from '../client.ts'
import { useLab } from '../lab-context.ts'

const signs: Readonly<Record<string, readonly [string, string]>> = {
  succeeds: ['S', 'bad'],
  blocked: ['B', 'good'],
  'n/a': ['–', ''],
  error: ['!', 'bad'],
}

/** The sign of a cell, and its tone. */
export function signOf(outcome: Outcome | undefined): readonly [ReactNode, string] {
  const [sign, kind] = (outcome && signs[outcome.outcome]) ?? ['·', 'soft']
  const isOther = outcome?.expected !== undefined && outcome.expected !== outcome.outcome
  if (!isOther) return [sign, kind]
  return [
    <>
      {sign}
      <sup title="not as declared">≠</sup>
    </>,
    kind,
  ]
}

export function saidOf(outcome: Outcome | undefined): string {
  return outcome ? outcome.outcome : 'not run yet'
}

/** The attacks of a group by patterns. */
export function Matrix(props: {
  readonly group: Lab['groups'][number]
  readonly outcomes: readonly Outcome[]
  /** The name of the pattern whose column stands out. */
  readonly chosen?: string
  readonly each: (outcome: Outcome | undefined, pattern: Pattern, id: string) => ReactNode
}) {
  const { group, outcomes, chosen, each } = props
  const { patterns } = useLab()
  const column = (name: string) => (name === chosen ? 'chosen' : '')
  return (
    <div className="scrolls">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">attack</th>
            {patterns.map(({ name, short }) => (
              <th key={name} scope="col" className={column(name)}>
                {short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {group.attacks.map(({ id }) => (
            <tr key={id}>
              <th scope="row">{id}</th>
              {patterns.map((pattern) => (
                <td key={pattern.name} className={column(pattern.name)}>
                  {each(
                    outcomes.find((outcome) => outcome.id === id && outcome.pattern === pattern.name),
                    pattern,
                    id,
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function Legend() {
  return (
    <p className="legend">
      <Key sign="S" kind="bad" text="succeeds" />
      <Key sign="B" kind="good" text="blocked" />
      <Key sign="–" kind="" text="does not apply" />
      <Key sign="·" kind="soft" text="not run yet" />
    </p>
  )
}

function Key({ sign, kind, text }: { readonly sign: string; readonly kind: string; readonly text: string }) {
  return (
    <span>
      <b className={`sign ${kind}`}>{sign}</b> {text}
    </span>
  )
}
