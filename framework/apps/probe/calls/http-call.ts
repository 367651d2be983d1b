import type { Sender } from '../sender.ts'
import type { Target } from '../target.ts'
import { type Answer, type Call, headersOf } from './call.ts'

/** The harmless request of an HTTP API. */
export function httpCall({ url, method, body }: Target, sender: Sender): Call {
  return async (presented, options = {}) => {
    const where = options.url ?? url
    const headers = {
      accept: 'application/json',
      ...(await headersOf(presented, { method, url: where })),
    }
    return httpAnswer(
      await sender.send(where, { method, headers, ...(body !== undefined && { body }) }),
      options.text,
    )
  }
}

function httpAnswer(last: Answer['last'], text: string | undefined): Answer {
  const { status, body } = last
  const by = `HTTP ${status}`
  if (status === 401 || status === 403) return { kind: 'refused', how: by, last }
  if (text !== undefined) {
    if (body.includes(text)) return { kind: 'served', how: `${by} with the text of the honest answer`, last }
    return {
      kind: status >= 400 ? 'refused' : 'unclear',
      how: `${by} without the text of the honest answer`,
      last,
    }
  }
  if (status >= 200 && status < 300) return { kind: 'served', how: by, last }
  return { kind: status >= 400 ? 'refused' : 'unclear', how: by, last }
}
