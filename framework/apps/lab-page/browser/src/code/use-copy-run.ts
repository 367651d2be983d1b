import { useCallback, useEffect, useRef, useState } from 'react'
import type { CopyAttack, CopyCell, CopyProblem } from '../../../copy/copy-report.ts'
import { api, listenTo } from '../client.ts'

/** A verdict beside the one that the pattern itself is declared to have; empty where none is. */
type Beside<Verdict> = Verdict & { readonly before: string }

/** A run of a copy as far as it has come. */
export interface CopyRun {
  readonly isGoing: boolean
  readonly problems: readonly CopyProblem[]
  readonly cells: readonly Beside<CopyCell>[]
  readonly attacks: readonly Beside<CopyAttack>[]
  readonly said: readonly string[]
  readonly failure: string
}

const begun: CopyRun = { isGoing: true, problems: [], cells: [], attacks: [], said: [], failure: '' }

/** Starts runs of a copy, and follows the last one: also one that began before the page was loaded. */
export function useCopyRun(pattern: string) {
  const [run, setRun] = useState<CopyRun>()
  const leave = useRef(() => {})
  useEffect(() => () => leave.current(), [])

  const follow = useCallback((job: string) => {
    leave.current()
    setRun(begun)
    const add = <Key extends 'problems' | 'cells' | 'attacks'>(key: Key, each: CopyRun[Key][number]) =>
      setRun((before = begun) => ({ ...before, [key]: [...before[key], each] }))
    const end = (failure: string) => setRun((before = begun) => ({ ...before, isGoing: false, failure }))
    leave.current = listenTo(job, {
      problem: (problem: CopyProblem) => add('problems', problem),
      cell: (cell: Beside<CopyCell>) => add('cells', cell),
      attack: (attack: Beside<CopyAttack>) => add('attacks', attack),
      said: ({ text }: { text: string }) =>
        setRun((before = begun) => ({ ...before, said: [...before.said, text] })),
      done: () => end(''),
      failed: ({ message }) => end(message),
    })
  }, [])

  const start = useCallback(
    async (version: number) => {
      try {
        follow((await api.runCopy(pattern, version)).job)
      } catch (error) {
        setRun({ ...begun, isGoing: false, failure: (error as Error).message })
      }
    },
    [pattern, follow],
  )
  const stop = useCallback(() => void api.stopCopy(pattern).catch(() => {}), [pattern])
  return { run, start, stop, follow }
}
