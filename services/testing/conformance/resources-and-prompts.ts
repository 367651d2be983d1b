import {
  acceptedContent,
  inputRequired,
  type McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { image, png, resource, text } from './content.ts'

const says = (content: ReturnType<typeof text>) => ({ role: 'user' as const, content })

export function registerResources(server: McpServer): void {
  const texts = { 'static-text': 'A text.', 'watched-resource': 'A text that is watched.' }
  for (const [name, words] of Object.entries(texts)) {
    const uri = `test://${name}`
    server.registerResource(name, uri, { mimeType: 'text/plain' }, async () => ({
      contents: [{ uri, mimeType: 'text/plain', text: words }],
    }))
  }
  server.registerResource('static-binary', 'test://static-binary', { mimeType: 'image/png' }, async () => ({
    contents: [{ uri: 'test://static-binary', mimeType: 'image/png', blob: png }],
  }))
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { mimeType: 'application/json' },
    async ({ href }, { id }) => ({
      contents: [{ uri: href, mimeType: 'application/json', text: JSON.stringify({ id }) }],
    }),
  )
  server.server.setRequestHandler('resources/subscribe', async () => ({}))
  server.server.setRequestHandler('resources/unsubscribe', async () => ({}))
}

export function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'no arguments' }, async () => ({
    messages: [says(text('A simple prompt.'))],
  }))
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'two arguments', argsSchema: z.object({ arg1: z.string(), arg2: z.string() }) },
    async ({ arg1, arg2 }) => ({ messages: [says(text(`${arg1} and ${arg2}`))] }),
  )
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'a resource in the prompt', argsSchema: z.object({ resourceUri: z.string() }) },
    async ({ resourceUri }) => ({ messages: [says(resource(resourceUri, 'text/plain', 'Embedded.'))] }),
  )
  server.registerPrompt('test_prompt_with_image', { description: 'an image in the prompt' }, async () => ({
    messages: [says(image)],
  }))
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'asks the client for a context first' },
    // Without arguments the context is the first parameter, which the overloads do not say.
    async (context) => {
      const { inputResponses } = (context as unknown as ServerContext).mcpReq
      const given = acceptedContent<{ context: string }>(inputResponses, 'user_context')
      if (given) return { messages: [says(text(`In the context of ${given.context}`))] }
      const requestedSchema = {
        type: 'object' as const,
        properties: { context: { type: 'string' as const } },
        required: ['context'],
      }
      const user_context = inputRequired.elicit({ message: 'Which context?', requestedSchema })
      return inputRequired({ inputRequests: { user_context } })
    },
  )
}
