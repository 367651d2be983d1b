import type { CopyProcess, Ending } from '../copy-process.ts'
import type { CopyListener } from '../copy-report.ts'

type Measured = (folder: string, listener: CopyListener) => void

/** A process for copies that starts nothing: a measurement goes on until it is stopped. */
export function quietProcess(onMeasure: Measured = () => {}): Pick<
  CopyProcess,
  'warm' | 'measure' | 'abort' | 'stop'
> & {
  readonly warmed: string[]
  finish(): void
} {
  let end: (ending: Ending) => void = () => {}
  const warmed: string[] = []
  return {
    warmed,
    finish: () => end(''),
    warm: (pattern) => void warmed.push(pattern),
    measure: (_pattern, folder, listener) => {
      onMeasure(folder, listener)
      return new Promise((resolve) => {
        end = resolve
      })
    },
    abort: () => end('you stopped it'),
    stop: async () => end('the session ended'),
  }
}
