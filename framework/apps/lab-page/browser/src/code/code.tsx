import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Choice } from '../choice.tsx'
import { api, type CodeFile } from '../client.ts'
import { Keep } from '../keep/keep.tsx'
import { patternOf, useLab } from '../lab-context.ts'
import { PatternChoice, patternOptions } from '../pattern-choice.tsx'

/** The two files of a pattern, whole or as a diff to another one. */
export function Code({ chosen }: { readonly chosen: string | undefined }) {
  const lab = useLab()
  const { patterns } = lab
  const pattern = patternOf(lab, chosen ?? 'p06')
  const [from, setFrom] = useState(pattern.baseline)
  const before = patterns.find(({ short }) => short === from)
  const { data: files = [], error } = useQuery<CodeFile[]>({
    queryKey: ['code', pattern.name, before?.name],
    queryFn: () => (before ? api.diff(before.name, pattern.name) : api.code(pattern.name)),
  })
  return (
    <div className="stack">
      <header className="lead">
        <h1>Code</h1>
        <p>
          All that differs from pattern to pattern: what the MCP server sends, and what a service makes of it.
        </p>
      </header>
      <div className="card controls">
        <PatternChoice pattern={pattern} part="code" />
        <Choice
          label="Show"
          value={from}
          options={[
            { value: '', text: 'both files, whole' },
            ...patternOptions(lab)
              .filter(({ value }) => value !== pattern.short)
              .map(({ value, text }) => ({ value, text: `changes from ${text}` })),
          ]}
          onChange={setFrom}
        />
        <Link className="button primary" href={`/code/${pattern.short}/copy`}>
          Make a copy and change it
        </Link>
        {files.length > 0 && (
          <Keep
            name={before ? `diff-${before.short}-${pattern.short}` : `code-${pattern.short}`}
            title={before ? `From ${before.name} to ${pattern.name}` : pattern.name}
            about="All that differs from pattern to pattern."
            view={() => <Files files={files} isDiff={before !== undefined} />}
          />
        )}
      </div>
      {error && <p className="bad">{error.message}</p>}
      <Files files={files} isDiff={before !== undefined} />
    </div>
  )
}

function Files({ files, isDiff }: { readonly files: readonly CodeFile[]; readonly isDiff: boolean }) {
  return (
    <div className="files">
      {files.map((file) => (
        <section key={file.file} className="card file">
          <h2>
            <code>{file.file}</code>
          </h2>
          {file.lines.length === 0 ? (
            <p className="soft">The same in both.</p>
          ) : (
            <Lines lines={file.lines} isDiff={isDiff} />
          )}
        </section>
      ))}
    </div>
  )
}

function Lines({ lines, isDiff }: { readonly lines: CodeFile['lines']; readonly isDiff: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area is reached by keyboard so
    <pre tabIndex={0} className={isDiff ? 'code diff' : 'code'}>
      {lines.map((pieces, at) => (
        <span key={at} className={`line ${isDiff ? (pieces[0]?.kind ?? '') : ''}`}>
          {pieces.map(({ text, kind }, piece) => (
            <span key={piece} className={kind ?? ''}>
              {text}
            </span>
          ))}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}
