import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { CopyFiles } from '../client.ts'
import { patternOf, useLab } from '../lab-context.ts'
import type { EditorHandle } from './copy-editor.tsx'
import { CopyResult, summaryOf } from './copy-result.tsx'
import { KeepFolder } from './keep-folder.tsx'
import { type Saving, useCopy } from './use-copy.ts'
import { useCopyRun } from './use-copy-run.ts'

// The editor is most of the front end, and only this part needs it.
const CopyEditor = lazy(async () => ({ default: (await import('./copy-editor.tsx')).CopyEditor }))

const files = ['mcp-auth.ts', 'service-auth.ts'] as const

/** The person's own copy of a pattern: change a line, run it, and see which attack comes back. */
export function CopyPage({ chosen }: { readonly chosen: string | undefined }) {
  const lab = useLab()
  const pattern = patternOf(lab, chosen)
  const { copy, failure, saving, save, type, takeOther, version, texts } = useCopy(pattern.name)
  const { run, start, stop, follow } = useCopyRun(pattern.name)
  const [showsChanges, setShowsChanges] = useState(true)
  const [isChanged, setChanged] = useState(false)
  const editors = useRef<Partial<Record<keyof CopyFiles, EditorHandle>>>({})
  const result = useRef<HTMLElement>(null)
  const job = copy?.job
  useEffect(() => {
    if (job) follow(job)
  }, [job, follow])

  const runIt = useCallback(async () => {
    if (!(await save())) return
    setChanged(false)
    await start(version.current)
  }, [save, start, version])

  const put = (all: CopyFiles | undefined) => {
    if (all) for (const file of files) editors.current[file]?.replace(all[file])
  }
  const decide = async (whose: 'other' | 'mine') => {
    const mine = texts.current
    const theirs = await takeOther()
    put(theirs)
    // Both are then in the editor's history.
    if (whose === 'mine') put(mine)
    await save()
  }
  return (
    <div className="stack">
      <header className="lead">
        <h1>Your copy of {pattern.short}</h1>
        <p>
          Change or delete a line, then run it: you see which attack comes back, and whom it lets in or shuts
          out. <Hint source={copy?.original} /> The pattern itself stays as it is.
        </p>
      </header>
      <div className="card controls copy-controls">
        <p className="actions">
          {run?.isGoing ? (
            <button type="button" onClick={stop}>
              Stop
            </button>
          ) : (
            <button type="button" className="primary" disabled={!copy} onClick={() => void runIt()}>
              Run my copy
            </button>
          )}
          <button type="button" disabled={!copy} onClick={() => put(copy?.original)}>
            Back to {pattern.short}
          </button>
          <Link className="button" href={`/code/${pattern.short}`}>
            Read {pattern.short}
          </Link>
          <label className="check">
            <input
              type="checkbox"
              checked={showsChanges}
              onChange={(event) => setShowsChanges(event.target.checked)}
            />
            Show what I changed
          </label>
        </p>
        <p role="status">{run ? summaryOf(run) : 'Ctrl+Enter runs it. Tab leaves an editor.'}</p>
        {run && (
          <button type="button" className="to-result" onClick={() => result.current?.focus()}>
            To the result
          </button>
        )}
        <SavingNote saving={saving} onDecide={(whose) => void decide(whose)} />
      </div>
      {failure && <p className="bad">{failure}</p>}
      {copy && (
        <div className="copy">
          <div className="copy-files">
            {files.map((file) => (
              <section key={file} className="card file">
                <h2>{file}</h2>
                <Suspense fallback={<p className="soft">Opening the editor…</p>}>
                  <FileEditor
                    file={file}
                    original={copy.original[file]}
                    text={copy.files[file]}
                    problems={run?.problems}
                    showsChanges={showsChanges}
                    onType={(text) => {
                      setChanged(true)
                      type(file, text)
                    }}
                    onRun={() => void runIt()}
                    onReady={(handle) => {
                      editors.current[file] = handle
                    }}
                  />
                </Suspense>
              </section>
            ))}
            <KeepFolder
              pattern={pattern}
              onKeep={async () => ((await save()) ? version.current : undefined)}
            />
          </div>
          <section ref={result} tabIndex={-1} className="copy-result" aria-label="What came of it">
            {run ? (
              <CopyResult run={run} pattern={pattern} isOld={isChanged && !run.isGoing} />
            ) : (
              <p className="soft">What it lets through and what it blocks appears here when you run it.</p>
            )}
          </section>
        </div>
      )}
    </div>
  )
}

type EditorProps = React.ComponentProps<typeof CopyEditor>

function FileEditor({
  problems = none,
  ...props
}: Omit<EditorProps, 'problems'> & { problems: EditorProps['problems'] | undefined }) {
  const own = useMemo(() => problems.filter(({ file }) => file === props.file), [problems, props.file])
  return <CopyEditor {...props} problems={own} />
}

const none: EditorProps['problems'] = []

/** A first change to try, where the pattern has the line for it. */
function Hint({ source }: { readonly source: CopyFiles | undefined }) {
  const line = /policy: '(?:opa\/\w+|roles)'/.exec(source?.['service-auth.ts'] ?? '')?.[0]
  if (!line) return null
  return (
    <>
      To begin with, make <code>{line}</code> of service-auth.ts <code>policy: 'any-caller'</code>.
    </>
  )
}

function SavingNote(props: {
  readonly saving: Saving
  readonly onDecide: (whose: 'other' | 'mine') => void
}) {
  const { saving, onDecide } = props
  if (saving.state !== 'refused') {
    return <p className="soft small">{saving.state === 'saved' ? 'Saved in this session.' : 'Saving…'}</p>
  }
  return (
    <div role="alert" className="refused">
      <p className="bad">✗ Not saved: {saving.message}.</p>
      {saving.isOlder && (
        <p className="actions">
          <button type="button" onClick={() => onDecide('mine')}>
            Keep what stands here
          </button>
          <button type="button" onClick={() => onDecide('other')}>
            Take the other version
          </button>
          <span className="soft small">Undo brings the other one back.</span>
        </p>
      )}
    </div>
  )
}
