import { Link } from 'wouter'
import type { Pattern } from '../client.ts'
import { patternOf, useLab } from '../lab-context.ts'
import { Prose } from '../prose.tsx'
import { Staircase } from './staircase.tsx'

/** The staircase, and what one rung of it does. */
export function Ladder({ chosen }: { readonly chosen: string | undefined }) {
  const lab = useLab()
  const pattern = patternOf(lab, chosen ?? 'p06')
  return (
    <div className="stack">
      <header className="lead">
        <h1>The ladder</h1>
        <p>
          Ways for an agent to authenticate, from nothing at all to requests bound to a key. Each rung closes
          the hole of the one before and leaves a smaller one. A branch stands on its base. Below: run it,
          attack it, or change a line of it and see which attack comes back.
        </p>
      </header>
      <Staircase patterns={lab.patterns} chosen={pattern.short} />
      <Rung pattern={pattern} />
    </div>
  )
}

function Rung({ pattern }: { readonly pattern: Pattern }) {
  const { short, title, sends, proves, leaves, base, baseline } = pattern
  return (
    <section className="card rung" aria-labelledby="rung">
      <h2 id="rung">
        <span className="number">{short}</span> {title}
        {base && <span className="soft"> · branch of {base}</span>}
      </h2>
      <dl className="facts">
        <dt>The MCP server</dt>
        <dd>
          <Prose text={sends} />
        </dd>
        <dt>The service</dt>
        <dd>
          <Prose text={proves} />
        </dd>
        <dt className="bad">Still allows</dt>
        <dd>
          <Prose text={leaves} />
        </dd>
      </dl>
      <p className="actions">
        <Link className="button primary" href={`/run/${short}`}>
          Run it
        </Link>
        <Link className="button" href={`/attacks/${short}`}>
          Attack it
        </Link>
        <Link className="button" href={`/code/${short}/copy`}>
          Change a line of it
        </Link>
        <Link className="button" href={`/code/${short}`}>
          Read {baseline ? `what changed from ${baseline}` : 'its code'}
        </Link>
      </p>
    </section>
  )
}
