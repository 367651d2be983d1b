import { type ContentBlock, fromJsonSchema, type McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { audio, image, resource, text } from './content.ts'

const noInput = z.strictObject({})

/** Tools whose answer is fixed: each kind of content that a result can have. */
const answers: Readonly<Record<string, readonly ContentBlock[]>> = {
  test_simple_text: [text('A line of text.')],
  test_image_content: [image],
  test_audio_content: [audio],
  test_embedded_resource: [resource('test://embedded-resource', 'text/plain', 'Embedded.')],
  test_multiple_content_types: [
    text('Three kinds of content:'),
    image,
    resource('test://mixed-content-resource', 'application/json', '{"one":1}'),
  ],
  // The suite looks at what else is on the stream, and there must be nothing.
  test_streaming_elicitation: [text('The result, and no request beside it.')],
}

/** Tools that answer with content, tell of their progress, write to the client's log, or fail. */
export function registerContentTools(server: McpServer): void {
  for (const [name, content] of Object.entries(answers)) {
    server.registerTool(name, { description: name, inputSchema: noInput }, async () => ({
      content: [...content],
    }))
  }

  server.registerTool('test_error_handling', { description: 'fails', inputSchema: noInput }, async () => {
    throw new Error('this tool always fails')
  })

  server.registerTool(
    'test_tool_with_logging',
    { description: 'notifies the client three times', inputSchema: noInput },
    async (_input, { mcpReq }) => {
      for (const data of ['started', 'working', 'done']) {
        await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } })
      }
      return { content: [text('Logged three times.')] }
    },
  )

  server.registerTool(
    'test_logging_tool',
    { description: 'logs where the request asks for logs', inputSchema: noInput },
    async (_input, { mcpReq }) => {
      await mcpReq.log('info', 'only for a request that set a log level')
      return { content: [text('Logged, if that was asked for.')] }
    },
  )

  server.registerTool(
    'test_tool_with_progress',
    { description: 'reports progress where the request has a token for it', inputSchema: noInput },
    async (_input, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken
      for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
        const params = { progressToken: progressToken ?? 0, progress, total: 100 }
        await mcpReq.notify({ method: 'notifications/progress', params })
      }
      return { content: [text('Done.')] }
    },
  )
}

/** Tools whose input schema has to reach the client word for word. */
export function registerSchemaTools(server: McpServer): void {
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'JSON Schema 2020-12', inputSchema: fromJsonSchema(jsonSchema202012) },
    async () => ({ content: [text('Taken.')] }),
  )
  server.registerTool(
    'test_x_mcp_header',
    {
      description: 'an argument that is mirrored into a header',
      inputSchema: fromJsonSchema(mirroredArgument),
    },
    async () => ({ content: [text('Taken.')] }),
  )
}

/** `x-mcp-header`: the client repeats the argument as `Mcp-Param-Region`, and the server compares the two. */
const mirroredArgument = {
  type: 'object' as const,
  properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, level: { type: 'integer' } },
}

/** The keywords that the suite looks for. */
const jsonSchema202012 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
}
