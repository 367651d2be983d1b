import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface LoadResult {
  readonly perSecond: number
  /** In ms. */
  readonly p50: number
  readonly p99: number
}

/**
 * Sends one GET for each set of headers, from a process of its own so that the client does not slow the server.
 * @throws where a request is not answered with 200: then the figures would be of something else
 */
export async function load(url: string, requests: readonly Record<string, string>[]): Promise<LoadResult> {
  const client = spawn(process.execPath, [fileURLToPath(new URL('load-client.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  client.stdin.end(JSON.stringify({ url, requests }))
  const chunks: Buffer[] = []
  for await (const chunk of client.stdout) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  if (!text) throw new Error('the load client gave no figures')
  return JSON.parse(text)
}
