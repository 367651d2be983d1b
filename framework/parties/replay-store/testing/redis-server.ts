import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '@lab/services'
import { onPath } from '../../../process/on-path.ts'

/** The store's program, where this machine has it. */
export const redisBinary = onPath(['valkey-server', 'redis-server'])

/** A Valkey or Redis on a free loopback port, with nothing on disk. */
export class RedisServer {
  readonly url: string
  readonly #port: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'replay-store-'))
  #child: ChildProcess | undefined

  private constructor(port: string) {
    this.#port = port
    this.url = `redis://127.0.0.1:${port}`
  }

  static async start(): Promise<RedisServer> {
    const free = await listen()
    await free.close()
    const server = new RedisServer(new URL(free.url).port)
    await server.startAgain()
    return server
  }

  async startAgain(): Promise<void> {
    const options = { '--port': this.#port, '--bind': '127.0.0.1', '--save': '', '--dir': this.#folder }
    this.#child = spawn(redisBinary ?? '', Object.entries(options).flat(), {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of this.#child.stdout ?? []) if (/ready to accept/i.test(`${line}`)) break
  }

  /** It keeps its connections, and answers nothing. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  goOn(): void {
    this.#child?.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true })
  }
}
