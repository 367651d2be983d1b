import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessage,
} from 'openai/resources/chat/completions'
import { type ChatRequest, chatRequest } from './chat-request.ts'
import { scriptedAnswer } from './scripted-answer.ts'

export const scriptedModelName = 'scripted'

/** Equal requests get equal answers, to the byte: so the time of creation is the same for all. */
const created = 0

/** The scripted model behind the OpenAI chat-completions API: to be served on a port, or called as a `fetch`. */
export const scriptedServer = new Hono()

scriptedServer.get('/v1/models', (context) =>
  context.json({
    object: 'list',
    data: [{ id: scriptedModelName, object: 'model', created, owned_by: 'agent-auth-lab' }],
  }),
)

scriptedServer.post('/v1/chat/completions', async (context) => {
  const parsed = chatRequest.safeParse(await context.req.json().catch(() => undefined))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return context.json(
      apiError(`${issue?.path.join('.') || 'body'}: ${issue?.message}`, 'invalid_request_error'),
      400,
    )
  }
  const completion = complete(parsed.data)
  if (!parsed.data.stream) return context.json(completion)

  return streamSSE(context, async (stream) => {
    for (const chunk of chunksOf(completion, parsed.data.stream_options?.include_usage ?? false)) {
      await stream.writeSSE({ data: JSON.stringify(chunk) })
    }
    await stream.writeSSE({ data: '[DONE]' })
  })
})

scriptedServer.notFound((context) => context.json(apiError('unknown URL', 'invalid_request_error'), 404))

function complete(request: ChatRequest): ChatCompletion {
  const { messages, tools } = request
  const id = createHash('sha256')
    .update(JSON.stringify([messages, tools]))
    .digest('hex')
    .slice(0, 24)
  const answer = scriptedAnswer(request)
  const message: ChatCompletionMessage =
    'text' in answer
      ? { role: 'assistant', content: answer.text, refusal: null }
      : {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: answer.calls.map(({ tool, args }, index) => ({
            id: `call_${id}_${index}`,
            type: 'function',
            function: { name: tool, arguments: JSON.stringify(args) },
          })),
        }
  const prompt_tokens = tokensIn(JSON.stringify(messages))
  const completion_tokens = tokensIn(JSON.stringify(message))
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created,
    model: scriptedModelName,
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'text' in answer ? 'stop' : 'tool_calls' }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  }
}

/** The same completion in pieces: the role, each tool call's name and then its arguments or the text, the end. */
function chunksOf({ choices, usage, ...rest }: ChatCompletion, includeUsage: boolean): ChatCompletionChunk[] {
  const head = { ...rest, object: 'chat.completion.chunk' } as const
  const chunk = (
    delta: ChatCompletionChunk.Choice.Delta,
    finish_reason: ChatCompletionChunk.Choice['finish_reason'] = null,
  ): ChatCompletionChunk => ({ ...head, choices: [{ index: 0, delta, finish_reason }] })

  const [choice] = choices
  const { content, tool_calls = [] } = choice?.message ?? {}
  return [
    chunk({ role: 'assistant', content: content === null ? null : '' }),
    ...piecesOf(content ?? '').map((piece) => chunk({ content: piece })),
    ...tool_calls.flatMap((call, index) => {
      if (call.type !== 'function') return []
      const { name, arguments: args } = call.function
      return [
        chunk({ tool_calls: [{ index, id: call.id, type: 'function', function: { name, arguments: '' } }] }),
        ...piecesOf(args).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ]
    }),
    chunk({}, choice?.finish_reason ?? 'stop'),
    ...(includeUsage && usage ? [{ ...head, choices: [], usage }] : []),
  ]
}

function piecesOf(text: string): string[] {
  return text.match(/[\s\S]{1,24}/g) ?? []
}

/** The usual rule of thumb: about four characters each. */
function tokensIn(text: string): number {
  return Math.ceil(text.length / 4)
}

function apiError(message: string, type: string) {
  return { error: { message, type, param: null, code: null } }
}
