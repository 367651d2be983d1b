/** mcp-remote, the bridge of desktop clients, signs a person in at an MCP server, and calls a tool. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const [mcpUrl = '', callbackHost = '', tool = ''] = process.argv.slice(2)
const bridge = fileURLToPath(new URL('../node_modules/mcp-remote/dist/proxy.js', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'mcp-remote-'))
const client = JSON.stringify({ client_id: 'agent-app' })
const child = spawn(
  process.execPath,
  [bridge, mcpUrl, '--allow-http', '--host', callbackHost, '--static-oauth-client-info', client],
  // No browser is to open: whoever started this reads the address, and visits it.
  { env: { PATH: process.env.PATH, HOME: home, MCP_REMOTE_CONFIG_DIR: home, BROWSER: 'true' } },
)
const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

createInterface(child.stderr).on('line', (line) => {
  const page = /^(http\S+[?&]code_challenge=\S+)$/.exec(line.trim())?.[1]
  console.log(page ? `open ${page}` : `told ${line}`)
})
createInterface(child.stdout).on('line', (line) => {
  const { id, result } = JSON.parse(line)
  if (id === 1) {
    send({ method: 'notifications/initialized' })
    send({ id: 2, method: 'tools/call', params: { name: tool, arguments: {} } })
  } else if (id === 2) {
    console.log('called', result?.content[0].text)
    child.kill()
  }
})
child.once('exit', () => rmSync(home, { recursive: true, force: true }))
send({
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'interop', version: '1' } },
})
