import { randomBytes, randomUUID } from 'node:crypto'
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequest,
  type InputRequests,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { text } from './content.ts'

const noInput = z.strictObject({})

/** A tool's memory from round to round goes through the client, sealed: a changed one is refused. */
export const requestState = createRequestStateCodec<{ readonly round: number }>({ key: randomBytes(32) })
const sealed = (round: number) => requestState.mint({ round })

const ask = (field: string): InputRequest =>
  inputRequired.elicit({
    message: `Please give: ${field}`,
    requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] },
  })
const confirmation = (): InputRequest =>
  inputRequired.elicit({
    message: 'Please confirm',
    requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
  })
const sample = (): InputRequest =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: 'Say hello.' } }],
    maxTokens: 50,
  })
const roots = (): InputRequest => inputRequired.listRoots()

type Requests = Readonly<Record<string, () => InputRequest>>

/** Tools that ask the client for something first (2026-07-28): the result says what, the next request brings it. */
export function registerInputTools(server: McpServer): void {
  const tool = (name: string, answer: (context: ServerContext) => Promise<Answer> | Answer) =>
    server.registerTool(name, { description: name, inputSchema: noInput }, async (_input, context) =>
      answer(context),
    )
  const once = (name: string, requests: Requests, options: { readonly withState?: boolean } = {}) =>
    tool(name, async (context) => {
      const complete = Object.keys(requests).every((key) => has(context, key))
      const verified = !options.withState || context.mcpReq.requestState() !== undefined
      if (complete && verified) return done(context)
      return demand(requests, options.withState ? await sealed(1) : undefined)
    })

  once('test_input_required_result_elicitation', { user_name: () => ask('name') })
  once('test_input_required_result_sampling', { capital_question: sample })
  once('test_input_required_result_list_roots', { client_roots: roots })
  once('test_missing_capability', { answer: sample })
  const confirm: Requests = { confirm: confirmation }
  once('test_input_required_result_request_state', confirm, { withState: true })
  once('test_input_required_result_tampered_state', confirm, { withState: true })
  once(
    'test_input_required_result_multiple_inputs',
    { user_name: () => ask('name'), greeting: sample, client_roots: roots },
    { withState: true },
  )

  tool('test_input_required_result_multi_round', async (context) => {
    const round = context.mcpReq.requestState<{ round: number }>()?.round ?? 0
    if (round >= 2) return done(context)
    const [key, field] = round === 0 ? ['step1', 'name'] : ['step2', 'color']
    return demand({ [key]: () => ask(field) }, await sealed(round + 1))
  })

  tool('test_input_required_result_capabilities', (context) => {
    if (context.mcpReq.inputResponses) return done(context)
    const envelope: Readonly<Record<string, unknown>> = { ...context.mcpReq.envelope }
    const declared = envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined
    return demand({
      ...(declared?.elicitation && { user_name: () => ask('name') }),
      ...(declared?.sampling && { greeting: sample }),
      ...(declared?.roots && { client_roots: roots }),
    })
  })
}

type Answer = ReturnType<typeof done> | ReturnType<typeof demand>

function demand(requests: Requests, state?: string) {
  const inputRequests: InputRequests = Object.fromEntries(
    Object.entries(requests).map(([key, make]) => [key, make()]),
  )
  return inputRequired({ inputRequests, ...(state && { requestState: state }) })
}

function done({ mcpReq }: ServerContext) {
  const given = Object.values(mcpReq.inputResponses ?? {})
  return { content: [text(`state-ok, ${given.length} answers, ${JSON.stringify(given)}, ${randomUUID()}`)] }
}

/** An elicitation that was declined or came without its field is asked for again. */
function has({ mcpReq }: ServerContext, key: string): boolean {
  const response = mcpReq.inputResponses?.[key] as Record<string, unknown> | undefined
  if (!response) return false
  if (!('action' in response)) return 'content' in response || 'roots' in response
  return Object.keys(acceptedContent(mcpReq.inputResponses, key) ?? {}).length > 0
}
