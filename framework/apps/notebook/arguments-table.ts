import type { Run } from '../../runner/pattern-runner.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import type { Rich } from './rich.ts'
import { table } from './table.ts'

interface Declared {
  readonly name: string
  readonly schema: { readonly properties?: object }
}

/** The arguments of each tool: as the MCP server declares them to any client, and as this host shows them to its model. */
export function argumentsTable({ hops }: Pick<Run, 'hops'>): Rich {
  const shown = new Map(shownToModel(hops).map((tool) => [tool.name, argumentsOf(tool)]))
  return table({
    head: ['tool', 'the MCP server declares', 'the model is shown'],
    rows: declaredByServer(hops).map((tool) => [
      { text: tool.name, code: true },
      { text: argumentsOf(tool), code: true },
      { text: shown.get(tool.name) ?? 'no such tool', code: true },
    ]),
  })
}

function declaredByServer(hops: readonly Hop[]): Declared[] {
  const list = hops.find(({ to, request }) => to === 'mcp-server' && request.body.includes('"tools/list"'))
  const tools: { name: string; inputSchema: object }[] = list
    ? JSON.parse(list.response.body).result.tools
    : []
  return tools.map(({ name, inputSchema }) => ({ name, schema: inputSchema }))
}

function shownToModel(hops: readonly Hop[]): Declared[] {
  const asked = hops.find(({ to }) => to === 'model')
  const tools: { function: { name: string; parameters: object } }[] = asked
    ? JSON.parse(asked.request.body).tools
    : []
  return tools.map(({ function: { name, parameters } }) => ({ name, schema: parameters }))
}

function argumentsOf({ schema }: Declared): string {
  return Object.keys(schema.properties ?? {}).join(', ')
}
