import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFolder } from '../../../process/create-folder.ts'
import { projectFolder } from '../../../process/folders.ts'
import { describePattern } from '../../../runner/describe-pattern.ts'
import { ownFiles } from './own-files.ts'

/** The project's TypeScript as an editor starts it: a few messages of the Language Server Protocol. */
class LanguageServer {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, (result: unknown) => void>()
  #read = Buffer.alloc(0)
  #id = 0

  constructor(cwd: string) {
    const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc')
    this.#process = spawn(process.execPath, [tsc, '--lsp', '--stdio'], {
      cwd,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#process.stdout?.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests look at
  ask(method: string, params: unknown): Promise<any> {
    const id = ++this.#id
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve))
    this.#send({ id, method, params })
    return answer
  }

  tell(method: string, params: unknown): void {
    this.#send({ method, params })
  }

  async stop(): Promise<void> {
    await this.ask('shutdown', undefined)
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    this.tell('exit', undefined)
    await ended
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  #take(chunk: Buffer): void {
    this.#read = Buffer.concat([this.#read, chunk])
    for (;;) {
      const end = this.#read.indexOf('\r\n\r\n')
      const length = Number(
        /Content-Length: (\d+)/i.exec(this.#read.subarray(0, Math.max(end, 0)).toString())?.[1],
      )
      if (end < 0 || this.#read.length < end + 4 + length) return
      const message = JSON.parse(this.#read.subarray(end + 4, end + 4 + length).toString())
      this.#read = this.#read.subarray(end + 4 + length)
      // What it asks its editor for: nothing here has settings.
      if (message.method && message.id !== undefined) this.#send({ id: message.id, result: null })
      else this.#waiting.get(message.id)?.(message.error ?? message.result)
    }
  }
}

describe('an untouched new folder in an editor', () => {
  const folders: string[] = []
  let server: LanguageServer
  beforeAll(async () => {
    await mkdir(join(projectFolder, 'reports'), { recursive: true })
    for (const above of [join(projectFolder, 'reports'), tmpdir()]) {
      const folder = join(await realpath(await mkdtemp(join(above, 'editor-'))), 'my pattern')
      await createFolder(folder, ownFiles(folder, await describePattern('p06')))
      folders.push(folder)
    }
    server = new LanguageServer(projectFolder)
    await server.ask('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(projectFolder).href,
      capabilities: { textDocument: { diagnostic: {}, completion: {}, hover: {} } },
    })
    server.tell('initialized', {})
  })
  afterAll(async () => {
    await server.stop()
    for (const folder of folders) await rm(join(folder, '..'), { recursive: true })
  })

  it.each([
    ['inside the checkout', 0],
    ['outside of it', 1],
  ])('%s is without a complaint, and has completions and documentation', async (_where, at) => {
    const folder = folders[at] as string
    for (const file of ['mcp-auth.ts', 'service-auth.ts']) {
      const textDocument = await open(join(folder, file))
      const { items } = await server.ask('textDocument/diagnostic', { textDocument })
      expect(items).toEqual([])
    }
    const path = join(folder, 'service-auth.ts')
    const lines = (await readFile(path, 'utf8')).split('\n')
    const line = lines.findIndex((text) => text.includes('token.userId'))
    const afterDot = { line, character: (lines[line] ?? '').indexOf('token.') + 'token.'.length }
    const textDocument = { uri: pathToFileURL(path).href }
    const completion = await server.ask('textDocument/completion', { textDocument, position: afterDot })
    const labels = (completion.items ?? completion).map(({ label }: { label: string }) => label)
    expect(labels).toEqual(
      expect.arrayContaining(['actors', 'claims', 'client', 'roles', 'scopes', 'userId']),
    )
    const call = lines.findIndex((text) => text.includes('await verifyAccessToken'))
    const onName = { line: call, character: (lines[call] ?? '').indexOf('verifyAccessToken') + 1 }
    const hover = await server.ask('textDocument/hover', { textDocument, position: onName })
    expect(JSON.stringify(hover)).toContain('Verifies an access token')
  })

  async function open(path: string): Promise<{ uri: string }> {
    const uri = pathToFileURL(path).href
    const text = await readFile(path, 'utf8')
    server.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } })
    return { uri }
  }
})
