import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ForeignClient } from './foreign-client.ts'

const run = promisify(execFile)
const inspector = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
)

/** The MCP Inspector's command line, as `pnpm run serve` tells people to call it. */
export const client: ForeignClient = {
  name: 'MCP Inspector CLI',
  async perform({ tool, args }, mcpUrl, token) {
    await run(process.execPath, [
      inspector,
      ...['--cli', mcpUrl, '--transport', 'http', '--method', 'tools/call', '--tool-name', tool],
      ...Object.entries(args).flatMap(([name, value]) => ['--tool-arg', `${name}=${value}`]),
      ...(token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]),
    ])
  },
}
