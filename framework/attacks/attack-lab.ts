import type { ServiceName } from '@lab/contract'
import type { Exchange, Outgoing } from '../recorder/recorder.ts'
import type { PatternRunner, Run } from '../runner/pattern-runner.ts'
import type { Effect } from './effect.ts'
import { Rogue } from './rogue.ts'

/** A request that an attacker sends to a service. */
export interface Knock {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A victim's run, and what somebody on the wire saw of it. */
export interface CapturedRun {
  readonly run: Run
  readonly exchanges: readonly Exchange[]
}

/**
 * The attacker's view of a running stack, the same for every pattern: addresses, what can be captured, planted and
 * sent. It tells neither the pattern's name nor its code.
 */
export class AttackLab {
  readonly #runner: PatternRunner
  readonly rogue: Rogue

  constructor(runner: PatternRunner) {
    this.#runner = runner
    this.rogue = new Rogue(runner)
  }

  /** Fresh data, clocks, sessions and accounts: every attack starts from here. */
  async reset(): Promise<void> {
    const { stack } = this.#runner
    this.#runner.resetData()
    stack.servicesClock.offset = 0
    stack.sessions.forget()
    await stack.idp.admin.reset()
  }

  /** An honest user asks something, and the attacker listens on the wire. */
  async capture(user: string, prompt: string): Promise<CapturedRun> {
    const exchanges: Exchange[] = []
    const untap = this.#runner.stack.recorder.tap((exchange) => exchanges.push(exchange))
    try {
      const run = await this.#runner.runAs(user, prompt)
      return { run, exchanges: exchanges.filter(({ trace }) => trace === run.trace) }
    } finally {
      untap()
    }
  }

  /** An honest user asks something, and the attacker keeps the requests to services from arriving. */
  async suppress(user: string, prompt: string): Promise<Outgoing[]> {
    const taken: Outgoing[] = []
    const release = this.#runner.stack.recorder.intercept((outgoing) => {
      const isServiceCall = outgoing.from === 'mcp-server' && outgoing.to in this.#runner.stack.serviceUrls
      if (isServiceCall) taken.push(outgoing)
      return isServiceCall
    })
    try {
      await this.#runner.runAs(user, prompt)
      return taken
    } finally {
      release()
    }
  }

  /** Knocks at a service. */
  async send(service: ServiceName, { method, path, headers, body }: Knock): Promise<Response> {
    return this.#fetch(`${this.#runner.stack.serviceUrls[service]}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  /** Sends a captured request once more, or with changes. */
  async replay(captured: Outgoing, changes: Partial<Knock> = {}): Promise<Response> {
    const { pathname, search } = new URL(captured.url)
    const headers = Object.fromEntries(captured.requestHeaders)
    for (const name of ['content-length', 'host', 'connection']) delete headers[name]
    const body = captured.requestBody === '' ? undefined : JSON.parse(captured.requestBody)
    const knock = { method: captured.method, path: pathname + search, headers, body, ...changes }
    return this.send(captured.to as ServiceName, knock)
  }

  /** Does something and tells what it left behind, in data and records. */
  async effectOf(deed: () => Promise<unknown>): Promise<Effect> {
    const { recorder } = this.#runner.stack
    const [records, hops] = [recorder.audit.length, recorder.hops.length]
    const before = this.#runner.snapshot()
    await deed()
    await recorder.settled()
    return {
      before,
      after: this.#runner.snapshot(),
      records: recorder.audit.slice(records),
      sent: recorder.hops.slice(hops).filter(({ from }) => from === 'attacker'),
    }
  }

  /** Puts a document where the victims' searches find it. */
  plant(text: string): void {
    this.#runner.stack.database.plantDocument({
      id: 'notice',
      group: 'platform-wide',
      title: 'Incident runbook: notice to readers',
      text,
    })
  }

  /** Moves the services' clock, in ms: captured things get old without waiting. */
  advanceServices(ms: number): void {
    this.#runner.stack.servicesClock.offset += ms
  }

  get #fetch(): typeof fetch {
    return this.#runner.stack.recorder.fetchAs('attacker')
  }
}
