import { useCallback, useEffect, useRef, useState } from 'react'
import { api, type Copy, type CopyFiles, Refused } from '../client.ts'

/** So long may a file be, in bytes; the server refuses more. */
const fileAtMost = 200_000
/** The pause in typing after which the server gets the text, in ms. */
const pause = 400

/** The state of the last save. */
export interface Saving {
  readonly state: 'saved' | 'typing' | 'refused'
  readonly message: string
  /** Another page has saved since. */
  readonly isOlder: boolean
}

const saved: Saving = { state: 'saved', message: '', isOlder: false }

/** A copy on the server, made where there is none, and the text that is typed here, which is sent after each pause. */
export function useCopy(pattern: string) {
  const [copy, setCopy] = useState<Copy>()
  const [failure, setFailure] = useState('')
  const [saving, setSaving] = useState(saved)
  const version = useRef(0)
  const texts = useRef<CopyFiles>(undefined)
  const known = useRef<CopyFiles>(undefined)
  const last = useRef<Promise<boolean>>(Promise.resolve(true))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    api.makeCopy(pattern).then(
      ({ copy }) => {
        if (!copy) return
        version.current = copy.version
        texts.current = copy.files
        known.current = copy.files
        setCopy(copy)
      },
      (error: Error) => setFailure(error.message),
    )
  }, [pattern])

  const send = useCallback(async (): Promise<boolean> => {
    const files = texts.current
    if (!files || (known.current && isSame(files, known.current))) {
      setSaving(saved)
      return true
    }
    const long = Object.entries(files).find(([, text]) => new Blob([text]).size > fileAtMost)
    if (long) {
      const message = `${long[0]} is too long to be saved: a file may have ${fileAtMost / 1000} kB`
      setSaving({ state: 'refused', message, isOlder: false })
      return false
    }
    try {
      version.current = (await api.saveCopy(pattern, version.current, files)).version
      known.current = files
      setSaving(texts.current === files ? saved : { ...saved, state: 'typing' })
      return true
    } catch (error) {
      const { message } = error as Error
      setSaving({
        state: 'refused',
        message,
        isOlder: error instanceof Refused && error.code === 'older_version',
      })
      return false
    }
  }, [pattern])

  /** Sends what was typed, after what is being sent. @returns true where the server has it */
  const save = useCallback((): Promise<boolean> => {
    clearTimeout(timer.current)
    last.current = last.current.then(send)
    return last.current
  }, [send])

  const type = useCallback(
    (file: keyof CopyFiles, text: string) => {
      if (!texts.current) return
      texts.current = { ...texts.current, [file]: text }
      // A refusal stays until the person has decided.
      setSaving((before) => (before.isOlder ? before : { ...saved, state: 'typing' }))
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void save(), pause)
    },
    [save],
  )

  /** The copy as the other page saved it; from here on a save takes its place. */
  const takeOther = useCallback(async (): Promise<CopyFiles | undefined> => {
    const { copy: other } = await api.copy(pattern)
    if (!other) return undefined
    version.current = other.version
    known.current = other.files
    return other.files
  }, [pattern])

  useEffect(() => {
    const flush = () => void save()
    document.addEventListener('visibilitychange', flush)
    return () => {
      document.removeEventListener('visibilitychange', flush)
      flush()
    }
  }, [save])

  return { copy, failure, saving, save, type, takeOther, version, texts }
}

function isSame(one: CopyFiles, other: CopyFiles): boolean {
  return one['mcp-auth.ts'] === other['mcp-auth.ts'] && one['service-auth.ts'] === other['service-auth.ts']
}
