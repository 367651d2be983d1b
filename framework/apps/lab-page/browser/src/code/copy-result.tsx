import type { Pattern } from '../client.ts'
import { useLab } from '../lab-context.ts'
import type { CopyRun } from './use-copy-run.ts'

type Cell = CopyRun['cells'][number]
type Attack = CopyRun['attacks'][number]

/** True for a verdict that is not the pattern's own. */
const isOther = ({ before, outcome }: Cell | Attack) => before !== '' && before !== outcome

/** A run of a copy in one sentence. */
export function summaryOf({ isGoing, cells, attacks, problems, failure }: CopyRun): string {
  const changed = cells.filter(isOther).length
  const back = attacks.filter((attack) => isOther(attack) && attack.outcome === 'succeeds')
  const others = attacks.filter(isOther).length - back.length
  const parts = [
    ...(problems.length > 0 ? [`${count(problems.length, 'complaint')} about the code`] : []),
    ...(changed > 0
      ? [`${count(changed, 'honest request')} ${changed === 1 ? 'ends' : 'end'} otherwise`]
      : []),
    ...(back.length > 0 ? [`${back.map(({ id }) => id).join(', ')} came back`] : []),
    ...(others > 0 ? [`${count(others, 'attack')} ${others === 1 ? 'ends' : 'end'} otherwise`] : []),
  ]
  const so = parts.join('; ')
  if (failure) return `✗ ${failure}.`
  if (!isGoing) return so === '' ? 'Every verdict is the one of the pattern.' : `${so}.`
  if (cells.length === 0 && so === '') return 'Starting…'
  const far = `Running: ${cells.length} requests, ${attacks.length} attacks so far`
  return so === '' ? `${far}.` : `${far}. ${so}.`
}

/** The verdicts of a copy: those that changed against the pattern stand first. */
export function CopyResult(props: {
  readonly run: CopyRun
  readonly pattern: Pattern
  readonly isOld: boolean
}) {
  const { run, pattern, isOld } = props
  const { groups } = useLab()
  const { cells, attacks, problems, said } = run
  const changed = attacks.filter(isOther)
  const signature = new Set(groups[0]?.attacks.map(({ id }) => id))
  const first = [
    ...changed.filter(({ id }) => signature.has(id)),
    ...changed.filter(({ id }) => !signature.has(id)),
  ]
  const failed = first.filter(({ outcome }) => outcome === 'error')
  return (
    <>
      {isOld && <p className="soft">This is of the run before your last change.</p>}
      {problems.length > 0 && (
        <div className="card">
          <h2>About the code</h2>
          <ul className="plain">
            {problems.map(({ file, line, message }) => (
              <li key={`${file}${line}${message}`} className="bad">
                ✗ {file}
                {line !== null && ` line ${line}`}: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {cells.length > 0 && <Cells cells={cells} pattern={pattern} />}
      {attacks.length > 0 && (
        <div className="card">
          <h2>Attacks</h2>
          {first.length === 0 && (
            <p className="soft">
              {run.isGoing ? 'So far all end' : 'All end'} as on {pattern.short}.
            </p>
          )}
          <ul className="plain">
            {first
              .filter((each) => !failed.includes(each))
              .map((attack) => (
                <Changed key={attack.id} attack={attack} short={pattern.short} />
              ))}
          </ul>
          {failed.length > 0 && (
            <p>
              <b className="bad">{count(failed.length, 'attack')} could not be carried out</b>, which says
              nothing: {failed[0]?.reason}
            </p>
          )}
          <details>
            <summary>All {attacks.length}</summary>
            <table className="all-attacks">
              <tbody>
                {attacks.map(({ id, outcome, before, reason }) => (
                  <tr key={id} className={before !== '' && before !== outcome ? 'changed' : ''}>
                    <th scope="row">{id}</th>
                    <td>{outcome}</td>
                    <td className="soft">{reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </div>
      )}
      {said.length > 0 && (
        <div className="card">
          <h2>Your copy printed</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area is reached by keyboard so */}
          <pre tabIndex={0}>{said.join('\n')}</pre>
        </div>
      )}
    </>
  )
}

function Changed({ attack, short }: { readonly attack: Attack; readonly short: string }) {
  const { id, outcome, before, reason } = attack
  const isBack = outcome === 'succeeds'
  return (
    <li className={`judged ${isBack ? 'bad' : 'good'}`}>
      <span>
        <b>
          {isBack ? '✗' : '✓'} {id} {isBack ? 'came back' : outcome}
        </b>
        : {reason}{' '}
        <span className="badge">
          {before} on {short}
        </span>
      </span>
    </li>
  )
}

function Cells({ cells, pattern }: { readonly cells: readonly Cell[]; readonly pattern: Pattern }) {
  const { prompts } = useLab()
  const users = [...new Set(cells.map(({ user }) => user))]
  const changed = cells.filter(isOther)
  const textOf = (number: number) => prompts.find((prompt) => prompt.number === number)?.text ?? ''
  return (
    <div className="card">
      <h2>Honest requests</h2>
      <div className="scrolls">
        <table className="copy-cells">
          <thead>
            <tr>
              <th scope="col">user</th>
              {prompts.map(({ number, text }) => (
                <th key={number} scope="col" title={text}>
                  {number}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <tr key={user}>
                <th scope="row">{user}</th>
                {prompts.map(({ number }) => (
                  <td key={number}>
                    <Sign cell={cells.find((cell) => cell.user === user && cell.prompt === number)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changed.length === 0 && <p className="soft small">Each ends as on {pattern.short}.</p>}
      <ul className="plain">
        {changed.map((cell) => (
          <li key={`${cell.user}${cell.prompt}`}>
            <b className={cell.outcome === cell.expected ? 'good' : 'bad'}>
              {cell.user}, {cell.prompt}: {cell.outcome}
              {cell.outcome !== cell.expected && `, should be ${cell.expected}`}
            </b>{' '}
            “{textOf(cell.prompt)}” <span className="soft">{cell.reason}</span>{' '}
            <span className="badge">
              {cell.before} on {pattern.short}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Sign({ cell }: { readonly cell: Cell | undefined }) {
  if (!cell) return <span className="soft">·</span>
  const isRight = cell.outcome === cell.expected
  const text = `${cell.outcome}${isRight ? '' : `, should be ${cell.expected}`}`
  return (
    <span className={`sign ${isRight ? 'good' : 'bad'}${isOther(cell) ? ' changed' : ''}`} title={text}>
      <span aria-hidden="true">{isRight ? '✓' : '✗'}</span>
      <span className="hidden">
        {text}
        {isOther(cell) && `, ${cell.before} on the pattern`}
      </span>
    </span>
  )
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
