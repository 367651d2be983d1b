import { useCallback, useEffect, useRef, useState } from 'react'
import type { RunView, SequenceView } from '../../../run-view.ts'
import { api, listenTo } from '../client.ts'

export interface Asked {
  readonly pattern: string
  readonly user: string
  readonly prompt: string
}

/** A run as far as it has come. */
export interface RunState {
  readonly asked?: Asked
  readonly isGoing: boolean
  readonly sequence?: SequenceView
  readonly result?: RunView
  readonly failure?: string
}

const nothing: RunState = { isGoing: false }

/** Starts runs, and follows the last one. */
export function useRun() {
  const [state, setState] = useState<RunState>(nothing)
  const leave = useRef(() => {})
  useEffect(() => () => leave.current(), [])
  const start = useCallback(async (asked: Asked) => {
    leave.current()
    let isLeft = false
    leave.current = () => {
      isLeft = true
    }
    const set = (more: Partial<RunState>) => !isLeft && setState((before) => ({ ...before, ...more }))
    setState({ asked, isGoing: true })
    try {
      const { job } = await api.run(asked)
      if (isLeft) return
      const close = listenTo(job, {
        sequence: (sequence: SequenceView) => set({ sequence }),
        done: (result: RunView) => set({ result, isGoing: false }),
        failed: ({ message }) => set({ failure: message, isGoing: false }),
      })
      leave.current = () => {
        isLeft = true
        close()
      }
    } catch (error) {
      set({ failure: (error as Error).message, isGoing: false })
    }
  }, [])
  const clear = useCallback(() => {
    leave.current()
    setState(nothing)
  }, [])
  return { state, start, clear }
}
