import { useState } from 'react'
import { api, type Pattern } from '../client.ts'

/** Writes the copy to a folder of the person's. */
export function KeepFolder(props: {
  readonly pattern: Pattern
  /** Saves first. @returns the version; undefined where it could not be saved */
  readonly onKeep: () => Promise<number | undefined>
}) {
  const { pattern, onKeep } = props
  const [name, setName] = useState(`my-${pattern.short}`)
  const [kept, setKept] = useState<{ folder: string; command: string }>()
  const [failure, setFailure] = useState('')
  const keep = async () => {
    setFailure('')
    setKept(undefined)
    try {
      const version = await onKeep()
      if (version !== undefined) setKept(await api.keepCopy(pattern.name, version, name))
    } catch (error) {
      setFailure((error as Error).message)
    }
  }
  return (
    <form
      className="card controls"
      onSubmit={(event) => {
        event.preventDefault()
        void keep()
      }}
    >
      <label>
        Save as a folder: name or path
        <input value={name} maxLength={200} required onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="submit">Save as a folder</button>
      <div role="status">
        {failure && <p className="bad">✗ {failure}.</p>}
        {kept && (
          <p>
            ✓ It is in <code className="breaks">{kept.folder}</code>. Go on in your editor:{' '}
            <code className="breaks">{kept.command}</code>
          </p>
        )}
      </div>
    </form>
  )
}
