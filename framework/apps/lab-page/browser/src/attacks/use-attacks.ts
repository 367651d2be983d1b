import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { api, listenTo } from '../client.ts'

interface Progress {
  readonly isGoing: boolean
  readonly text: string
  readonly failure: string
}

const idle: Progress = { isGoing: false, text: '', failure: '' }

/** Runs attacks on one pattern after another, and loads what came of them. */
export function useAttacks() {
  const queries = useQueryClient()
  const [progress, setProgress] = useState(idle)
  const run = useCallback(
    async (patterns: readonly string[], ids: string[]) => {
      setProgress({ ...idle, isGoing: true, text: 'Starting…' })
      let done = 0
      const load = () =>
        Promise.all(
          ['outcomes', 'results', 'result'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
        )
      try {
        for (const pattern of patterns) {
          const { job } = await api.attack(pattern, ids)
          await new Promise<void>((resolve, reject) => {
            listenTo(job, {
              attack: ({ id }: { id: string }) =>
                setProgress({ ...idle, isGoing: true, text: `${++done}: ${id} on ${pattern.slice(0, 3)}` }),
              done: () => resolve(),
              failed: ({ message }) => reject(new Error(message)),
            })
          })
          await load()
        }
        setProgress({ ...idle, text: `${done} ${done === 1 ? 'attack' : 'attacks'} run.` })
      } catch (error) {
        await load()
        setProgress({ ...idle, failure: (error as Error).message })
      }
    },
    [queries],
  )
  return { progress, run }
}
