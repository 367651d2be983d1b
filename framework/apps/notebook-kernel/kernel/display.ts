import { displayWith } from '@lab/framework/notebook'
import { tslab } from './tslab.ts'

/** Makes `show()` put out all forms of a thing as one output. tslab's own `display` knows one form at a time. */
export function sendDisplaysToJupyter(): void {
  const jupyter = tslab.jupyter()
  displayWith((data) => jupyter.lastWriteDisplayData({ data, metadata: {}, transient: {} }, false))
}
