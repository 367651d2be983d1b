import { performance } from 'node:perf_hooks'
import { AuthError, newTraceparent, type ServiceName } from '@lab/contract'
import { connectMcp } from '../../parties/agent/mcp-connection.ts'
import type { PatternRunner, Run } from '../../runner/pattern-runner.ts'
import type { Exchange, Hop, Outgoing } from '../../trace/recorder/recorder.ts'
import { Accounts } from './accounts.ts'
import { carriersOf, credentialsOf, serviceCall } from './capture.ts'
import type { Effect } from './effect.ts'
import type { FrontCredential } from './front-hop.ts'
import { OAuthClient } from './oauth-client.ts'
import { type VerifierMaterial, verifierMaterial } from './verifier-material.ts'

/** A request that an attacker sends. */
export interface Knock {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The changes to a captured request that is sent again. */
export interface Changes extends Partial<Knock> {
  /** Takes the place of all that may have been a credential in it. */
  readonly credentials?: Readonly<Record<string, string>>
}

/** A victim's run, and what somebody on the wire saw of it. */
export interface CapturedRun {
  readonly run: Run
  readonly exchanges: readonly Exchange[]
}

/** A victim's run with the request that a service served. */
export interface CapturedCall extends CapturedRun {
  readonly call: Exchange
}

/**
 * The attacker's view of a running stack, the same for every pattern: addresses, what can be captured, planted and
 * sent. The pattern's name stands in the records, as evidence; no attack looks at it.
 */
export class Attacker {
  readonly #runner: PatternRunner
  /** The traces of the victims' runs. */
  readonly #runs = new Set<string>()
  readonly accounts: Accounts
  /**
   * Another integration of the same company. Users sign in to it too, and it may exchange tokens; it was never told
   * to act for anybody.
   */
  readonly rogue: OAuthClient

  constructor(runner: PatternRunner) {
    this.#runner = runner
    this.accounts = new Accounts(runner)
    this.rogue = new OAuthClient(runner, 'rogue-agent')
  }

  /** Fresh data, clocks and accounts: every attack starts from here. */
  async reset(): Promise<void> {
    this.#runner.resetData()
    this.#runner.stack.servicesClock.offset = 0
    await this.accounts.reset()
  }

  /** A user asks something, and the attacker listens on the wire. */
  async capture(user: string, prompt: string): Promise<CapturedRun> {
    const exchanges: Exchange[] = []
    const untap = this.#runner.stack.recorder.tap((exchange) => exchanges.push(exchange))
    try {
      const run = await this.#runner.runAs(user, prompt)
      this.#runs.add(run.trace)
      return { run, exchanges: exchanges.filter(({ trace }) => trace === run.trace) }
    } finally {
      untap()
    }
  }

  /**
   * A user asks something, is served, and the attacker has the request that the service got. That it was served is the
   * control of every attack that sends it again with a change.
   * @throws if no service served the honest run
   */
  async captureCall(user: string, prompt: string): Promise<CapturedCall> {
    const captured = await this.capture(user, prompt)
    return { ...captured, call: serviceCall(captured.exchanges) }
  }

  /**
   * A user asks something, and the attacker takes the request to the service off the wire.
   * @throws where there was no such request
   */
  async suppress(user: string, prompt: string): Promise<Outgoing> {
    let taken: Outgoing | undefined
    const release = this.#runner.stack.recorder.intercept((outgoing) => {
      const isServiceCall = outgoing.from === 'mcp-server' && outgoing.to in this.#runner.stack.serviceUrls
      if (isServiceCall) taken ??= outgoing
      return isServiceCall
    })
    try {
      await this.#runner.runAs(user, prompt)
    } finally {
      release()
    }
    if (!taken) throw new Error('the honest run sent no request to a service, so there was none to suppress')
    return taken
  }

  /** Sends a request to a service or to the MCP server. */
  async send(to: ServiceName | 'mcp-server', { method, path, headers, body }: Knock): Promise<void> {
    const { mcpUrl, serviceUrls } = this.#runner.stack
    const base = to === 'mcp-server' ? new URL(mcpUrl).origin : serviceUrls[to]
    const response = await this.#fetch(base + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    await response.text()
  }

  /** Sends a captured request once more, with or without changes. */
  async replay(captured: Outgoing, changes: Changes = {}): Promise<void> {
    const { credentials = credentialsOf(captured), headers, ...others } = changes
    const { pathname, search } = new URL(captured.url)
    await this.send(captured.to as ServiceName | 'mcp-server', {
      method: captured.method,
      path: pathname + search,
      headers: { ...carriersOf(captured), ...credentials, ...headers },
      ...(captured.requestBody !== '' && { body: JSON.parse(captured.requestBody) }),
      ...others,
    })
  }

  /**
   * Calls a tool as a client of the attacker's own. Where the tool's schema has a place for a key, it gets the key, or
   * an empty one: a call that a missing argument spoils would prove nothing.
   * @throws where the MCP server fails; its refusal is in the records
   */
  async callTool(tool: string, { bearer, apiKey }: FrontCredential = {}): Promise<void> {
    const { mcpUrl } = this.#runner.stack
    const options = { mcpUrl, accessToken: bearer, traceparent: newTraceparent(), fetch: this.#fetch }
    const connection = await connectMcp(options).catch((error: unknown) => {
      if (error instanceof AuthError && error.status < 500) return undefined
      throw error
    })
    if (!connection) return
    const schema = connection.tools.find(({ name }) => name === tool)?.inputSchema
    const takesKey = schema?.properties?.api_key !== undefined
    await connection.callTool(tool, takesKey ? { api_key: apiKey ?? '' } : {})
    await connection.close()
  }

  /** Does something and tells what it left behind, in data and records. */
  async effectOf(action: () => Promise<unknown>): Promise<Effect> {
    const { recorder } = this.#runner.stack
    const [records, began] = [recorder.audit.length, performance.now()]
    const before = this.#runner.snapshot()
    await action()
    await recorder.settled()
    return {
      before,
      after: this.#runner.snapshot(),
      records: recorder.audit.slice(records),
      sent: recorder.hops.filter((hop) => hop.started >= began && this.#isDeed(hop)),
    }
  }

  /** Requests of the attacker, and those of agent and MCP server in a run that is part of the attack. */
  #isDeed({ from, to, trace, request }: Hop): boolean {
    if (from === 'attacker') return true
    if (!this.#runs.has(trace)) return false
    if (from === 'mcp-server') return to !== 'pdp'
    return to === 'mcp-server' && request.body.includes('"tools/call"')
  }

  /**
   * Keeps services and MCP server from reaching the IdP while something is done.
   * @returns how many of their requests got lost
   */
  async withoutIdp(action: () => Promise<unknown>): Promise<number> {
    let lost = 0
    const release = this.#runner.stack.recorder.intercept(({ from, to }) => {
      const isLost = to === 'idp' && from !== 'attacker'
      if (isLost) lost++
      return isLost
    })
    try {
      await action()
    } finally {
      release()
    }
    return lost
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

  /** The MCP server's own OAuth client, whose secret was stolen. */
  stolenClient(): OAuthClient {
    return new OAuthClient(this.#runner, 'mcp-server')
  }

  /** The material that somebody who broke into a service would find there. */
  async verifierMaterial(): Promise<VerifierMaterial> {
    return verifierMaterial(this.#runner)
  }

  get #fetch(): typeof fetch {
    return this.#runner.stack.recorder.fetchAs('attacker')
  }
}
