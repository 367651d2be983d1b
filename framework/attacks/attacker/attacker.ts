import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type AuditRecord, type ServiceName, traceIdOf } from '@lab/contract'
import type { RowChange } from '@lab/services'
import { timedFetch } from '../../process/timed-fetch.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import type { Exchange, Outgoing } from '../../trace/recorder/hop.ts'
import { Accounts } from './accounts.ts'
import type { AttackRequest, Changes } from './attack-request.ts'
import { AttackerClient } from './attacker-client.ts'
import { callToolOnce } from './call-tool-once.ts'
import { type Caller, connectAs } from './caller.ts'
import {
  type CapturedCall,
  type CapturedRun,
  carriersOf,
  credentialsOf,
  mayNameSomebody,
  serviceCall,
} from './capture.ts'
import { challengeOnce } from './challenge.ts'
import { allowed, type Effect, isPartOfAttack, reached } from './effect.ts'
import type { FrontCredential } from './front-hop.ts'
import { Leftovers } from './leftovers.ts'
import { MeetingPoint } from './meeting-point.ts'
import { OwnTraces } from './own-traces.ts'
import { People } from './people.ts'
import { type VerifierMaterial, verifierMaterial } from './verifier-material.ts'
import { withoutIdp } from './without-idp.ts'
import { wordsIn } from './words-in.ts'

/** A pattern may never answer: the attack then ends in an error, and the next one begins. In ms. */
const patience = 30_000

/**
 * The attacker's view of a running stack, the same for every pattern: addresses, what can be captured, planted and
 * sent. The pattern's name stands in the records, as evidence; no attack looks at it.
 */
export class Attacker {
  readonly #runner: PatternRunner
  readonly #traces = new OwnTraces()
  readonly #leftovers: Leftovers
  /** The place in the records at which the attack begins. */
  #firstRecord = 0
  readonly accounts: Accounts
  readonly people: People
  /**
   * Another integration of the same company. Users sign in to it too, and it may exchange tokens; it was never told
   * to act for anybody.
   */
  readonly rogue: AttackerClient

  constructor(runner: PatternRunner) {
    this.#runner = runner
    this.accounts = new Accounts(runner)
    this.people = new People(runner)
    this.#leftovers = new Leftovers(runner.pattern.folder)
    this.rogue = new AttackerClient(runner, 'rogue-agent', this.fetch)
  }

  /**
   * Fresh data, clocks, accounts and sessions, and a fresh instance of the pattern: every attack starts from here, so
   * that none finds what another one left.
   */
  async reset(): Promise<void> {
    const { stack, pattern } = this.#runner
    this.#runner.resetData()
    this.#firstRecord = stack.recorder.audit.length
    stack.servicesClock.offset = 0
    await this.accounts.reset()
    stack.sessions.forget()
    await this.#leftovers.whileLoading(() => pattern.renew())
  }

  /** A user asks something, and the attacker listens on the wire. */
  async capture(user: string, prompt: string): Promise<CapturedRun> {
    const exchanges: Exchange[] = []
    const untap = this.#runner.stack.recorder.tap((exchange) => exchanges.push(exchange))
    try {
      const run = await this.#runner.runAs(user, prompt, { traceparent: this.#traces.begin() })
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
    const traceparent = this.#traces.begin()
    const { recorder, serviceUrls } = this.#runner.stack
    const release = recorder.intercept((outgoing) => {
      const { trace, from, to } = outgoing
      const isIt = trace === traceIdOf(traceparent) && from === 'mcp-server' && to in serviceUrls
      if (isIt) taken ??= outgoing
      return isIt
    })
    try {
      await this.#runner.runAs(user, prompt, { traceparent })
    } finally {
      release()
    }
    if (!taken) throw new Error('the honest run sent no request to a service, so there was none to suppress')
    return taken
  }

  /** Connects a user to the MCP server, for calls that need no model. @throws as {@link connectAs} */
  async connect(user: string): Promise<Caller> {
    return connectAs(user, this.#runner, () => this.#traces.begin())
  }

  /** Makes calls at the same time, which wait for each other wherever they wait for anybody. */
  async together<T>(calls: readonly (() => Promise<T>)[]): Promise<T[]> {
    const first = this.#traces.place
    const point = new MeetingPoint(calls.length, (trace) => this.#traces.includes(trace, first))
    const release = this.#runner.stack.recorder.hold(point.arrive)
    try {
      return await Promise.all(calls.map((call) => call().finally(() => point.leave())))
    } finally {
      release()
    }
  }

  /** Has the first request of each call to a service challenged while something is done. */
  async challenged<T>(act: () => Promise<T>): Promise<T> {
    const { recorder, serviceUrls } = this.#runner.stack
    const isTheirs = ({ trace, from, to }: Outgoing) =>
      from === 'mcp-server' && to in serviceUrls && this.#traces.includes(trace)
    const release = recorder.intercept(challengeOnce(isTheirs))
    try {
      return await act()
    } finally {
      release()
    }
  }

  /** The names of the headers that the services look at, as whoever has read the pattern's code knows them. */
  headersReadByServices(): string[] {
    const read = [...this.#runner.pattern.headersRead.values()].flatMap((names) => [...names])
    return [...new Set(read)].filter(mayNameSomebody)
  }

  /** The words in the code that services identify their callers by, for whoever has read it. */
  async wordsOfServices(): Promise<string[]> {
    return wordsIn(join(this.#runner.pattern.folder, 'service-auth.ts'))
  }

  /** Has the pattern forget whatever it keeps. */
  async renewPattern(): Promise<void> {
    await this.#runner.pattern.renew()
  }

  /** Sends a request to a service or to the MCP server. */
  async send(to: ServiceName | 'mcp-server', { method, path, headers, body }: AttackRequest): Promise<void> {
    const { mcpUrl, serviceUrls } = this.#runner.stack
    const base = to === 'mcp-server' ? new URL(mcpUrl).origin : serviceUrls[to]
    const response = await this.fetch(base + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    await response.text()
  }

  /** Sends a captured request once more, with or without changes. */
  async replay(captured: Outgoing, changes: Changes = {}): Promise<void> {
    const { credentials = credentialsOf(captured), headers, sameTrace, ...others } = changes
    const { pathname, search } = new URL(captured.url)
    const { traceparent, ...carriers } = carriersOf(captured)
    await this.send(captured.to as ServiceName | 'mcp-server', {
      method: captured.method,
      path: pathname + search,
      headers: { ...carriers, ...(sameTrace && traceparent && { traceparent }), ...credentials, ...headers },
      ...(captured.requestBody !== '' && { body: JSON.parse(captured.requestBody) }),
      ...others,
    })
  }

  /** Calls a tool as a client of the attacker's own. @throws as {@link callToolOnce} */
  async callTool(tool: string, credential: FrontCredential = {}): Promise<void> {
    await callToolOnce(this.#runner.stack.mcpUrl, this.fetch, tool, credential)
  }

  /**
   * Does something and tells what came of it, in data and records.
   * @param options.target the row that the attack is after (`user:dave`): where it is not reached, what a pattern left
   *   running is waited for
   */
  async effectOf(
    act: () => Promise<unknown>,
    { target }: { readonly target?: string } = {},
  ): Promise<Effect> {
    const { recorder } = this.#runner.stack
    const start = { record: recorder.audit.length, trace: this.#traces.place, time: performance.now() }
    const before = this.#runner.snapshot()
    const changes: RowChange[] = []
    const unwatch = this.#runner.stack.database.watchChanges((change) => changes.push(change))
    const effect = (): Effect => {
      const own = this.#traces.since(start.trace)
      const recorded = recorder.audit.slice(start.record)
      return {
        before,
        after: this.#runner.snapshot(),
        records: recorded.filter((record) => own.has(record.trace) || this.#isLate(record, target)),
        changed: changes.filter(({ trace }) => own.has(trace)),
        sent: recorder.hops.filter((hop) => hop.started >= start.time && isPartOfAttack(hop, own)),
      }
    }
    const settled = async () => {
      await act()
      await recorder.settled()
    }
    try {
      if (target) await this.#leftovers.waitFor(settled, () => reached(target, effect()))
      else await settled()
      return effect()
    } finally {
      unwatch()
    }
  }

  /** The services' records since the attack began of what they let happen to a row (`expense:106`). */
  recordsOf(row: string): AuditRecord[] {
    const recorded = this.#runner.stack.recorder.audit.slice(this.#firstRecord)
    return allowed(recorded).filter(({ resources }) => resources.includes(row))
  }

  /** A record of a change to the target that nobody who called the MCP server asked for: a worker of the pattern did it. */
  #isLate(record: AuditRecord, target: string | undefined): boolean {
    if (!target || this.#runner.stack.recorder.beginnerOf(record.trace)) return false
    return reached(target, { records: [record], changed: [] })
  }

  /**
   * Keeps services and MCP server from reaching the IdP while something is done.
   * @returns how many of their requests for its keys got lost
   */
  async withoutIdp(action: () => Promise<unknown>): Promise<number> {
    return withoutIdp(this.#runner.stack.recorder, action)
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

  /** The MCP server's own OAuth client, or another one, whose credential was stolen. */
  stolenClient(clientId = 'mcp-server'): AttackerClient {
    return new AttackerClient(this.#runner, clientId, this.fetch)
  }

  /** The agent's app, in the hands of its users. */
  appOfVictim(): AttackerClient {
    return new AttackerClient(this.#runner, 'agent-app', this.fetch)
  }

  /** The material that somebody who broke into a service would find there. */
  async verifierMaterial(): Promise<VerifierMaterial> {
    return verifierMaterial(this.#runner)
  }

  /** The attacker's `fetch`: each request has a trace, by which its effect is known. */
  get fetch(): typeof fetch {
    return this.#traces.fetchBy(timedFetch(this.#runner.stack.recorder.fetchAs('attacker'), patience))
  }
}
