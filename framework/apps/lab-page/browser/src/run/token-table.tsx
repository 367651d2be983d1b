import { partChange } from '../../../../notebook/part-change.ts'
import type { TokenView } from '../../../run-view.ts'

/** A token decoded, beside the one that travelled the same way in the other run. */
export function TokenTable(props: {
  readonly token: TokenView
  readonly before: TokenView | undefined
  readonly otherName: string
}) {
  const { token, before, otherName } = props
  const old = new Map(before?.parts.map(({ part, value }) => [part, value]))
  const now = new Set(token.parts.map(({ part }) => part))
  const gone = before?.parts.filter(({ part }) => !now.has(part)) ?? []
  const rows = [
    ...token.parts.map((each) => ({
      ...each,
      change: before ? partChange(old.get(each.part), each.value) : ('' as const),
    })),
    ...gone.map((each) => ({ ...each, change: 'gone' as const })),
  ]
  return (
    <div className="scrolls">
      <table className="token">
        <caption>
          {token.kind === 'proof' ? 'The proof of the key, decoded' : `${token.name}, decoded`}
          {otherName && !before && <span className="soft"> · {otherName} sends none here</span>}
        </caption>
        <thead>
          <tr>
            <th scope="col">header, claim</th>
            <th scope="col">value</th>
            {before && <th scope="col">in {otherName}</th>}
            <th scope="col">defined in</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ part, value, spec, href, change }) => (
            <tr key={part} className={change ? 'changed' : ''}>
              <th scope="row">
                <code>{part}</code>
              </th>
              <td>
                {change === 'gone' ? '–' : value} {change && <span className="badge">{change}</span>}
              </td>
              {before && <td>{old.get(part) ?? '–'}</td>}
              <td className="small">{href ? <a href={href}>{spec}</a> : spec}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
