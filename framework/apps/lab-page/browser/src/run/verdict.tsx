import type { RunView } from '../../../run-view.ts'

/** The end of a run: what happened beside what should have, who decided, and what the services saw. */
export function Verdict({ result }: { readonly result: RunView }) {
  const { cell, decision, place, identities, calls, answer, duration } = result
  return (
    <section className="card verdict">
      <h3 className="hidden">What came of it</h3>
      {cell ? (
        <Judged cell={cell} />
      ) : (
        <p className="soft">A prompt of your own: there is no ground truth for it.</p>
      )}
      <dl className="facts">
        <dt>Who decided</dt>
        <dd>
          {decision ? (
            <>
              <b>{decision.by}</b>, at {decision.at}: {decision.outcome} ({decision.status}), because{' '}
              {decision.reason}
              {place && (
                <span className="place">
                  <code>
                    {place.file}:{place.line}
                  </code>{' '}
                  <code>{place.text}</code>
                </span>
              )}
            </>
          ) : (
            'nobody: no service was asked'
          )}
        </dd>
        <dt>The model called</dt>
        <dd>
          {calls.length === 0 && 'no tool'}
          {calls.map(({ tool, args, status }, at) => (
            <span key={`${at}${tool}`} className="line">
              <code>
                {tool}({args})
              </code>{' '}
              → {status}
            </span>
          ))}
        </dd>
        <dt>The agent said</dt>
        <dd className="said">{answer}</dd>
        <dt>The service saw</dt>
        <dd>{identities.length === 0 ? 'no identity' : <Seen identities={identities} />}</dd>
      </dl>
      <p className="soft small">{duration} ms, from the sign-in to the answer.</p>
    </section>
  )
}

function Judged({ cell }: { readonly cell: NonNullable<RunView['cell']> }) {
  const { outcome, expected, overshared, sideEffects } = cell
  const isRight = outcome === expected
  const isGood = isRight && overshared === 0 && sideEffects.length === 0
  const also = [
    ...(overshared > 0 ? [`${overshared} ${overshared === 1 ? 'row' : 'rows'} too many`] : []),
    ...sideEffects,
  ]
  return (
    <p className={`judged ${isGood ? 'good' : 'bad'}`}>
      <span className="sign" aria-hidden="true">
        {isGood ? '✓' : '✗'}
      </span>
      <span>
        <b>{outcome}</b>
        {isRight ? ', as it should be' : `, should be ${expected}`}
        {also.length > 0 && `; ${also.join('; ')}`}
      </span>
    </p>
  )
}

function Seen({ identities }: { readonly identities: RunView['identities'] }) {
  return identities.map((fields, at) => (
    <table key={at} className="seen">
      <tbody>
        {fields.map(([field, value]) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>
              <code>{value}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  ))
}
