import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Choice } from '../choice.tsx'
import { api, type Event } from '../client.ts'

const any = { user: '', actor: '', outcome: '' }

/** The records of this session: one timeline a call. */
export function Audit() {
  const { data: events = [], isFetched } = useQuery({
    queryKey: ['events'],
    queryFn: api.events,
    staleTime: 0,
  })
  const [wanted, setWanted] = useState(any)
  const fits = ({ user = '', actors = [], client = '', outcome }: Event) =>
    [user, ''].includes(wanted.user) &&
    [...actors, client, ''].includes(wanted.actor) &&
    [outcome, ''].includes(wanted.outcome)
  const traces = byTrace(events).filter((trace) => trace.events.some(fits))
  return (
    <div className="stack">
      <header className="lead">
        <h1>Audit</h1>
        <p>
          Who did what, through whom, and who allowed it: the records of MCP server, IdP, policy and services.
        </p>
      </header>
      <div className="card controls">
        <Pick label="User" field="user" values={events.map(({ user }) => user)} {...{ wanted, setWanted }} />
        <Pick
          label="Agent or client"
          field="actor"
          values={events.flatMap(({ actors = [], client }) => [...actors, client])}
          {...{ wanted, setWanted }}
        />
        <Pick
          label="Decision"
          field="outcome"
          values={events.map(({ outcome }) => outcome)}
          {...{ wanted, setWanted }}
        />
        <p className="actions">
          <Export format="jsonl" text="JSON Lines" wanted={wanted} />
          <Export format="ecs" text="ECS" wanted={wanted} />
          <Export format="otlp" text="OTLP" wanted={wanted} />
        </p>
      </div>
      <p className="soft" role="status">
        {events.length === 0 && isFetched
          ? 'Nothing was recorded yet: run a prompt first.'
          : `${traces.length} calls.`}
      </p>
      {traces.slice(0, shownAtMost).map((trace, at) => (
        <Timeline key={trace.trace} trace={trace} fits={fits} isOpen={at === 0} />
      ))}
      {traces.length > shownAtMost && (
        <p className="soft">The last {shownAtMost} are shown; an export has all.</p>
      )}
    </div>
  )
}

const shownAtMost = 60

interface Trace {
  readonly trace: string
  readonly events: readonly Event[]
}

/** The calls, the last one first. */
function byTrace(events: readonly Event[]): Trace[] {
  const traces = new Map<string, Event[]>()
  for (const event of events) {
    if (!event.trace) continue
    const known = traces.get(event.trace) ?? []
    traces.set(event.trace, [...known, event])
  }
  return [...traces]
    .map(([trace, all]) => ({
      trace,
      events: all.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time)),
    }))
    .reverse()
}

function Pick(props: {
  readonly label: string
  readonly field: keyof typeof any
  readonly values: readonly (string | undefined)[]
  readonly wanted: typeof any
  readonly setWanted: (wanted: typeof any) => void
}) {
  const { label, field, values, wanted, setWanted } = props
  const known = [...new Set(values)].filter((value) => value !== undefined && value !== '') as string[]
  return (
    <Choice
      label={label}
      value={wanted[field]}
      options={[{ value: '', text: 'any' }, ...known.sort().map((value) => ({ value, text: value }))]}
      onChange={(value) => setWanted({ ...wanted, [field]: value })}
    />
  )
}

function Export({
  format,
  text,
  wanted,
}: {
  readonly format: string
  readonly text: string
  readonly wanted: typeof any
}) {
  return (
    <a className="button" href={`/api/audit/export?${new URLSearchParams({ format, ...wanted })}`} download>
      {text}
    </a>
  )
}

function Timeline(props: {
  readonly trace: Trace
  readonly fits: (event: Event) => boolean
  readonly isOpen: boolean
}) {
  const { trace, fits, isOpen } = props
  const { events } = trace
  const settled = events.findLast(({ pattern, source }) => pattern && source !== 'idp') ?? events.at(-1)
  const tool = events.find((event) => event.tool)?.tool
  return (
    <details className="card trace" open={isOpen}>
      <summary>
        <span className={`decision ${settled?.outcome}`}>{settled?.outcome}</span>
        <b>{settled?.user ?? 'nobody'}</b> {tool ?? settled?.action}
        <span className="soft">
          {' '}
          {settled?.pattern?.slice(0, 3)} · {settled?.time.slice(11, 19)} · {trace.trace.slice(0, 12)}
        </span>
      </summary>
      <ol className="timeline">
        {events.map((event, at) => (
          <li key={at} className={`${event.outcome}${fits(event) ? '' : ' faded'}`}>
            <Moment event={event} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function Moment({ event }: { readonly event: Event }) {
  const {
    time,
    source,
    action,
    resources = [],
    outcome,
    decidedBy,
    user,
    actors = [],
    client,
    reason,
    rule,
    status,
  } = event
  const through = [...new Set([...actors, ...(client ? [client] : [])])].join(', ')
  return (
    <>
      <span className="time">{time.slice(11, 23)}</span> <b>{source}</b>{' '}
      <span className={`decision ${outcome}`}>{outcome}</span> {user ?? 'nobody'}
      {through && <> through {through}</>}: <code>{[action, ...resources].join(' ')}</code>
      <span className="why">
        {[reason, rule && `(${rule})`, status && `HTTP ${status}`, decidedBy && `decided by ${decidedBy}`]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  )
}
