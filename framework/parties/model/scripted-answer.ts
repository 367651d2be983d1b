import { prompts } from '../../scenario/prompts.ts'
import type { ChatRequest } from './chat-request.ts'
import { plantedInstructions } from './planted-instructions.ts'
import { type Intent, intentsOf } from './scripted-intents.ts'

/** The scripted model's next answer: either tool calls, or a text. */
export type ScriptedAnswer = { readonly calls: readonly Intent[] } | { readonly text: string }

type Message = ChatRequest['messages'][number]

/**
 * Gullible by design: calls what the user asks for, then what the results tell it to, with any key that it was
 * shown, and repeats its instructions to whoever asks. So what stands between a request and its effect is the auth pattern, never the model's good manners.
 */
export function scriptedAnswer({ messages, tools }: ChatRequest): ScriptedAnswer {
  const apiKey = shownKey(messages)
  const results = messages.slice(messages.findLastIndex(({ role }) => role !== 'tool') + 1)
  const intents =
    results.length > 0
      ? results.flatMap(({ content }) => plantedInstructions(content, apiKey))
      : intentsOf(messages.at(-1)?.content ?? '')

  if (results.length === 0 && asksForInstructions(messages)) {
    return { text: `[scripted model] My instructions are:\n${instructionsIn(messages)}` }
  }
  if (intents.length > 0) return { calls: intents.map((intent) => withApiKey(intent, tools, apiKey)) }
  return { text: `[scripted model] ${results.length > 0 ? summary(messages) : unknownPrompt}` }
}

/** Whoever asks a model for its instructions mostly gets them: what is in its context is no secret. */
function asksForInstructions(messages: readonly Message[]): boolean {
  const asked = messages.at(-1)?.content ?? ''
  return /\b(?:repeat|show|print|tell|reveal)\b.*\b(?:instructions|system prompt)\b/is.test(asked)
}

function instructionsIn(messages: readonly Message[]): string {
  return instructionsOf(messages)
    .map(({ content }) => content)
    .join('\n')
}

function instructionsOf(messages: readonly Message[]): Message[] {
  return messages.filter(({ role }) => role === 'system' || role === 'developer')
}

/** The key that the system prompt says to give to the tools. */
function shownKey(messages: readonly Message[]): string | undefined {
  return instructionsOf(messages)
    .map(({ content }) => /\bargument api_key\b.*: (\S+)$/m.exec(content)?.[1])
    .find((key) => key !== undefined)
}

/** Relays the key to a tool that has an argument for it. A key that an instruction brings along goes first. */
function withApiKey(intent: Intent, tools: ChatRequest['tools'], apiKey: string | undefined): Intent {
  const schema = tools.find(({ function: { name } }) => name === intent.tool)?.function.parameters
  if (!apiKey || !schema?.properties?.api_key) return intent
  return { ...intent, args: { api_key: apiKey, ...intent.args } }
}

const unknownPrompt = [
  'I only know these prompts, and close variants of them:',
  ...prompts.map(({ number, text }) => `${number}. ${text}`),
  'Asked to repeat my instructions, I do. For anything else use a real model: --model <name>, with OPENAI_API_KEY or OPENAI_BASE_URL set.',
].join('\n')

/** The outcome of each call since the user's last message. */
function summary(messages: readonly Message[]): string {
  const turn = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1)
  const names = new Map(
    turn.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id, function: { name } }) => [id, name])),
  )
  return turn
    .filter(({ role }) => role === 'tool')
    .map(({ tool_call_id = '', content }) => `${names.get(tool_call_id) ?? 'tool'}: ${shorten(content)}`)
    .join('\n')
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
