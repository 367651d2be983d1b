import type { ServerResponse } from 'node:http'

/** For tests: what an OpenAI-compatible endpoint may answer, whole or as a stream. */
export type Reply = (response: ServerResponse) => void

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
export const message = (fields: object, finish_reason = 'stop') =>
  json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'local',
    choices: [{ index: 0, finish_reason, message: { role: 'assistant', content: null, ...fields } }],
  })
export const call = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
})
export const calling = (...calls: object[]) => message({ tool_calls: calls }, 'tool_calls')
export const saying = (content: string) => message({ content })

export const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'local',
    choices: [{ index: 0, delta, finish_reason }],
  })}\n\n`
export const streaming =
  (...events: string[]): Reply =>
  (response) => {
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end([...events, 'data: [DONE]\n\n'].join(''))
  }
