import type { IncomingMessage } from 'node:http'

/** The fields of a posted form. What is beyond 16 KB is not read: no form here needs it. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += chunk
    if (text.length > 16_384) break
  }
  return new URLSearchParams(text)
}
