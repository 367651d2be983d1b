import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Dealer, Subscriber } from 'zeromq'
import { freePort } from '../../../process/free-port.ts'
import { type Message, MessageCodec } from './messages.ts'
import type { Output } from './notebook-file.ts'

export interface Execution {
  readonly status: 'ok' | 'error' | 'abort'
  readonly count: number | null
  readonly outputs: Output[]
}

type Listener = (channel: 'shell' | 'iopub', message: Message) => void

const program = fileURLToPath(new URL('../kernel/main.mjs', import.meta.url))
/** The time that a kernel has to start, in ms: a busy machine is slow. */
const startUp = 60_000
/** The pause before a question is asked again while the kernel starts, in ms. */
const retry = 300
/** The time that it has to end when asked to, in ms. */
const timeout = 5_000

/** The kernel as Jupyter would start it, driven from Node: over ipc sockets, or loopback TCP where there are none. */
export class Kernel {
  readonly process: ChildProcess
  readonly #folder: string
  readonly #codec: MessageCodec
  readonly #shell = new Dealer({ linger: 0 })
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 })
  readonly #pending = new Map<string, Listener>()
  #log = ''

  private constructor(folder: string, key: string, process: ChildProcess) {
    this.#folder = folder
    this.#codec = new MessageCodec(key)
    this.process = process
    for (const stream of [process.stdout, process.stderr]) stream?.on('data', (text) => (this.#log += text))
  }

  /**
   * Starts a kernel and waits until it answers.
   * @param cwd where it is started; it finds its own folder from anywhere
   * @throws with what the kernel printed, where it ends or stays silent
   */
  static async start({
    cwd = tmpdir(),
    env = {},
  }: {
    cwd?: string
    env?: NodeJS.ProcessEnv
  } = {}): Promise<Kernel> {
    const folder = await mkdtemp(join(tmpdir(), 'kernel-'))
    const key = randomUUID()
    const connection = { ...(await addresses(folder)), key, signature_scheme: 'hmac-sha256' }
    const file = join(folder, 'connection.json')
    await writeFile(file, JSON.stringify(connection), { mode: 0o600 })
    const started = spawn(process.execPath, [program, file], {
      cwd,
      // What Jupyter sets: the kernel ends with its parent.
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const kernel = new Kernel(folder, key, started)
    kernel.#connect(connection)
    try {
      await kernel.#ready()
    } catch (error) {
      await kernel.stop()
      throw error
    }
    return kernel
  }

  /**
   * Runs one cell.
   * @param limit in ms
   * @param onOutput is told of all outputs so far, with each one
   * @throws where the cell takes longer, or the kernel ends
   */
  async execute(
    code: string,
    limit: number,
    onOutput: (outputs: readonly Output[]) => void = () => {},
  ): Promise<Execution> {
    const outputs: Output[] = []
    const reply = await this.#request('execute_request', executeRequest(code), limit, (message) => {
      collect(outputs, message)
      onOutput(outputs)
    })
    const { status, execution_count = null } = reply as {
      status: Execution['status']
      execution_count?: number
    }
    // After an error tslab refuses everything for 200 ms, so that Run All stops.
    if (status !== 'ok') await new Promise((resolve) => setTimeout(resolve, 250))
    return { status, count: execution_count, outputs }
  }

  /** The message of the Stop button. */
  interrupt(): void {
    this.process.kill('SIGINT')
  }

  /** Asks the kernel to end, and ends it where it does not. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, 'exit')
      const killer = setTimeout(() => this.process.kill('SIGKILL'), timeout)
      // The kernel may be gone before it answers: what counts is that it is.
      this.#request('shutdown_request', { restart: false }, timeout).catch(() => {})
      await exited
      clearTimeout(killer)
    }
    this.#shell.close()
    this.#iopub.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #connect({ transport, ip, shell_port, iopub_port }: Addresses): void {
    this.#shell.connect(`${transport}://${ip}:${shell_port}`)
    this.#iopub.connect(`${transport}://${ip}:${iopub_port}`)
    this.#iopub.subscribe()
    void this.#listen('shell', this.#shell)
    void this.#listen('iopub', this.#iopub)
  }

  async #listen(channel: 'shell' | 'iopub', socket: AsyncIterable<Buffer[]>): Promise<void> {
    for await (const frames of socket) {
      const message = this.#codec.read(frames)
      this.#pending.get(message.parent)?.(channel, message)
    }
  }

  /** Asks until an answer came on both sockets: a message before the subscription has arrived is lost. */
  async #ready(): Promise<void> {
    const end = Date.now() + startUp
    while (Date.now() < end) {
      const answer = this.#request('kernel_info_request', {}, retry)
      if (await answer.then(() => true, notYet)) return
    }
    throw new Error(`the kernel did not answer in ${startUp} ms\n${this.#log}`)
  }

  /** Resolves with the reply's content when the kernel is idle again. */
  #request(
    type: string,
    content: object,
    limit: number,
    onOutput: (message: Message) => void = () => {},
  ): Promise<Message['content']> {
    const { id, frames } = this.#codec.write(type, content)
    return new Promise((resolve, reject) => {
      let reply: Message['content'] | undefined
      let idle = false
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.process.off('exit', onExit)
        this.#pending.delete(id)
        settle()
      }
      const onExit = () => finish(() => reject(new Error(`the kernel ended\n${this.#log}`)))
      const timer = setTimeout(() => finish(() => reject(new NoAnswer(`no answer in ${limit} ms`))), limit)
      this.process.once('exit', onExit)
      if (this.process.exitCode !== null) onExit()
      this.#pending.set(id, (channel, message) => {
        if (channel === 'shell') reply = message.content
        else if (message.type === 'status') idle = message.content.execution_state === 'idle'
        else onOutput(message)
        const answer = reply
        if (answer && idle) finish(() => resolve(answer))
      })
      this.#shell.send(frames).catch((error) => finish(() => reject(error)))
    })
  }
}

class NoAnswer extends Error {}

/** @throws any other error than that no answer came */
function notYet(error: unknown): false {
  if (error instanceof NoAnswer) return false
  throw error
}

interface Addresses {
  readonly transport: 'ipc' | 'tcp'
  readonly ip: string
  readonly shell_port: number
  readonly iopub_port: number
}

/** Sockets in a folder of our own; where there are none, free loopback ports. */
async function addresses(folder: string) {
  const unix = process.platform !== 'win32'
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = unix
    ? ([1, 2, 3, 4, 5] as const)
    : await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()])
  const place = unix
    ? ({ transport: 'ipc', ip: join(folder, 'socket') } as const)
    : ({ transport: 'tcp', ip: '127.0.0.1' } as const)
  return { ...place, shell_port, iopub_port, stdin_port, control_port, hb_port }
}

function executeRequest(code: string) {
  return {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  }
}

/** Adds a published message to a cell's outputs; what a stream says in a row is one output. */
function collect(outputs: Output[], { type, content }: Message): void {
  if (type === 'stream') {
    const { name, text } = content as { name: 'stdout' | 'stderr'; text: string }
    const last = outputs.at(-1)
    if (last?.output_type === 'stream' && last.name === name) last.text += text
    else outputs.push({ output_type: 'stream', name, text })
  }
  if (type === 'display_data') {
    const { data, metadata } = content as Pick<Extract<Output, { data: unknown }>, 'data' | 'metadata'>
    outputs.push({ output_type: 'display_data', data, metadata })
  }
}
