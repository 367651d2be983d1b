import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, type Evidence } from '../client.ts'
import { useLab } from '../lab-context.ts'
import { Message } from '../message.tsx'
import type { Cell } from './attacks.tsx'
import { useAttacks } from './use-attacks.ts'

/** The story of an attack, and the evidence of its last run here. */
export function EvidenceDialog({ cell, onClose }: { readonly cell: Cell; readonly onClose: () => void }) {
  const { pattern, id } = cell
  const lab = useLab()
  const dialog = useRef<HTMLDialogElement>(null)
  const { data } = useQuery({ queryKey: ['result', pattern, id], queryFn: () => api.result(pattern, id) })
  const { progress, run } = useAttacks()
  useEffect(() => dialog.current?.showModal(), [])
  const attack = lab.groups.flatMap(({ attacks }) => attacks).find((each) => each.id === id)
  const result = data?.result
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="attack">
      <header className="attack-head">
        <h2 id="attack">
          {id} <span className="soft">on</span> <span className="number">{pattern.slice(0, 3)}</span>
        </h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <p>{attack?.story}</p>
      <p className="soft small">
        Judged by {attack?.judgedBy}. {attack?.catalogues.join(', ')}
      </p>
      {result ? <Found result={result} /> : <p className="soft">Not run yet in this session.</p>}
      <p className="actions">
        <button
          type="button"
          className="primary"
          disabled={progress.isGoing}
          onClick={() => void run([pattern], [id])}
        >
          {progress.isGoing ? 'Running…' : result ? 'Run it again' : 'Run it'}
        </button>
        <span role="status" className={progress.failure ? 'bad' : 'soft'}>
          {progress.failure || progress.text}
        </span>
      </p>
    </dialog>
  )
}

function Found({ result }: { readonly result: Evidence }) {
  const { outcome, expected, reason, sent, records, changes, block, duration } = result
  const tone = { blocked: 'good', succeeds: 'bad', error: 'bad', 'n/a': '' }[outcome]
  return (
    <>
      <p className={`judged ${tone}`}>
        <span>
          <b>{outcome}</b>: {reason}
          {expected && expected !== outcome && ` (declared: ${expected})`}
        </span>
      </p>
      <Part title="Sent" isEmpty={sent.length === 0}>
        {sent.map(({ from, line, status, headers, body }, at) => (
          <details key={`${at}${line}`} className="exchange">
            <summary>
              {from}: <code>{line}</code> → {status}
            </summary>
            <Message headers={headers} body={body} />
          </details>
        ))}
      </Part>
      <Part title="Recorded" isEmpty={records.length === 0}>
        <ul className="records">
          {records.map(({ line, decision }, at) => (
            <li key={`${at}${line}`} className={decision}>
              {line}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Changed in the data" isEmpty={changes.length === 0}>
        <ul>
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      </Part>
      {block.length > 0 && (
        <Part title="Blocked at" isEmpty={false}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area is reached by keyboard so */}
          <pre tabIndex={0}>{block.join('\n')}</pre>
        </Part>
      )}
      <p className="soft small">{duration} ms.</p>
    </>
  )
}

function Part(props: {
  readonly title: string
  readonly isEmpty: boolean
  readonly children: React.ReactNode
}) {
  const { title, isEmpty, children } = props
  return (
    <section>
      <h3>{title}</h3>
      {isEmpty ? <p className="soft">nothing</p> : children}
    </section>
  )
}
