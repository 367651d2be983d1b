import { performance } from 'node:perf_hooks'
import { type AuditRecord, newTraceparent, traceIdOf } from '@lab/contract'
import type { Snapshot } from '@lab/services'
import { type RunAgentOptions, runAgent, type Transcript } from '../parties/agent/agent.ts'
import { askingForConsent, type Unwilling } from '../parties/agent/consent.ts'
import { intentsOf } from '../parties/model/scripted-intents.ts'
import { UserError } from '../process/user-error.ts'
import { apiKeyOfUser } from '../scenario/demo-keys.ts'
import { usernames } from '../scenario/realm/lookup.ts'
import type { Realm } from '../scenario/realm/realm.ts'
import type { Hop, SeenIdentity } from '../trace/recorder/hop.ts'
import { type LivePattern, livePattern } from './live-pattern.ts'
import { noteStrayRejections } from './pattern-errors/stray-rejections.ts'
import { type Stack, type StackOptions, startStack } from './stack.ts'

/**
 * One prompt of one user, from the sign-in to the answer, with all that was recorded of it. It may be printed and kept:
 * what it holds of secrets is what the hops show of them.
 */
export interface Run extends Transcript {
  readonly user: string
  readonly prompt: string
  readonly trace: string
  readonly hops: readonly Hop[]
  readonly audit: readonly AuditRecord[]
  readonly identities: readonly SeenIdentity[]
  /** The user's answer, where the agent asked for consent and got no yes. */
  readonly unwilling?: Unwilling
  /** In ms. */
  readonly duration: number
}

export interface RunOptions {
  /** W3C Trace Context header value of all its requests; default: a new one. */
  readonly traceparent?: string
}

interface Running {
  readonly pattern: LivePattern
  readonly endNoting: () => void
  readonly stack: Stack
}

/**
 * Runs the agent through one pattern: `new PatternRunner('p06')`, `start()`, `runAs('alice', …)`, `stop()`.
 * Runs may overlap: nothing of a call is kept outside of the call.
 */
export class PatternRunner {
  readonly #which: string
  readonly #options: StackOptions
  #starting: Promise<Running> | undefined
  #running: Running | undefined

  /**
   * @param which a number (`6`, `p06`), a folder name, or the path of a folder anywhere
   * @param options which IdP, PDP and model; default: all embedded, and a scripted model
   */
  constructor(which: string, options: StackOptions = {}) {
    this.#which = which
    this.#options = options
  }

  /**
   * Loads the pattern and starts everything it runs on, on free loopback ports. Starting twice is starting once.
   * @throws {UserError} for a pattern that cannot be loaded, or a part of the stack that cannot be reached
   */
  async start(): Promise<this> {
    this.#starting ??= this.#start()
    const starting = this.#starting
    try {
      const running = await starting
      if (this.#starting === starting) this.#running = running
      return this
    } catch (error) {
      if (this.#starting === starting) this.#starting = undefined
      throw error
    }
  }

  /** Stops all that `start` started, also where it is still starting. */
  async stop(): Promise<void> {
    const starting = this.#starting
    this.#starting = undefined
    this.#running = undefined
    // A start that fails tells it to whom called `start`, and has released its parts by then.
    const running = await starting?.catch(() => undefined)
    await running?.stack.close()
    running?.endNoting()
  }

  /**
   * Signs the user in where the pattern asks for it, and lets the agent work on the prompt.
   * @throws {UserError} for a user whom the realm does not have, or a model that cannot be reached
   */
  async runAs(user: string, prompt: string, options: RunOptions = {}): Promise<Run> {
    const { pattern, stack } = this.#started()
    if (!stack.realm.users.some(({ username }) => username === user)) {
      const known = usernames(stack.realm).join(', ')
      throw new UserError(`unknown user "${user}": use ${known}`)
    }
    const started = performance.now()
    const { traceparent = newTraceparent() } = options
    const trace = traceIdOf(traceparent)
    const { credential } = pattern.authHandler
    const { mcpUrl, model } = stack
    const fetch = stack.recorder.fetchAs('agent')
    const run = (bearer: Pick<RunAgentOptions, 'session' | 'authorization'>) =>
      runAgent({
        prompt,
        credential,
        ...bearer,
        ...((credential === 'prompt' || credential === 'argument') && { apiKey: apiKeyOfUser(user) }),
        mcpUrl,
        model,
        fetch,
        traceparent,
      })
    const { consent } = this.#options
    const wanted = stack.people.wants(user, intentsOf(prompt))
    const session = credential === 'bearer' ? await stack.sessions.during(user, traceparent) : undefined
    const { done, unwilling } = await (session && consent
      ? askingForConsent(
          {
            mcpUrl,
            issuer: stack.idp.issuer,
            clientId: stack.sessions.clientId,
            username: user,
            session,
            consent,
            fetch,
          },
          (authorization) => run({ authorization }),
        )
      : run({ session }).then((done) => ({ done, unwilling: undefined }))
    ).finally(wanted)
    await stack.recorder.settled()
    const duration = performance.now() - started
    const shown = stack.recorder.redactor.redactAll({ ...done, prompt })
    return { ...shown, ...(unwilling && { unwilling }), user, trace, duration, ...stack.recorder.of(trace) }
  }

  /**
   * Lets the agent work on a prompt for nobody: no user signs in, and none is named.
   * @throws {UserError} for a pattern that carries a user's credential, or a model that cannot be reached
   */
  async runJob(prompt: string, { traceparent = newTraceparent() }: RunOptions = {}): Promise<Run> {
    const { pattern, stack } = this.#started()
    const { credential } = pattern.authHandler
    if (credential) {
      throw new UserError(
        `${pattern.name} carries a user's credential (${credential}), and a job has no user: use p12`,
      )
    }
    const started = performance.now()
    const { mcpUrl, model, recorder } = stack
    const fetch = recorder.fetchAs('agent')
    const done = await runAgent({ prompt, credential, mcpUrl, model, fetch, traceparent })
    await recorder.settled()
    const [trace, duration] = [traceIdOf(traceparent), performance.now() - started]
    const shown = recorder.redactor.redactAll({ ...done, prompt })
    return { ...shown, user: 'nobody', trace, duration, ...recorder.of(trace) }
  }

  get pattern(): LivePattern {
    return this.#started().pattern
  }

  /** The parts that run: for attacks, which call them directly. */
  get stack(): Stack {
    return this.#started().stack
  }

  get realm(): Realm {
    return this.stack.realm
  }

  /** The identities that the services gave to callers, in order. */
  get identities(): readonly SeenIdentity[] {
    return this.stack.recorder.identities
  }

  /** Every decision of services, MCP server and IdP, in order. */
  get audit(): readonly AuditRecord[] {
    return this.stack.recorder.audit
  }

  /** Every recorded request, redacted, in order. */
  get hops(): readonly Hop[] {
    return this.stack.recorder.hops
  }

  /** Seeds the services' data afresh. */
  resetData(): void {
    this.stack.database.reset()
  }

  /** All rows of the services' data. */
  snapshot(): Snapshot {
    return this.stack.database.snapshot()
  }

  async #start(): Promise<Running> {
    const pattern = await livePattern(this.#which)
    const endNoting = noteStrayRejections(pattern.errors)
    try {
      return { pattern, endNoting, stack: await startStack(pattern, this.#options) }
    } catch (error) {
      endNoting()
      throw error
    }
  }

  #started() {
    if (!this.#running) throw new UserError('the runner is not started: call start() first')
    return this.#running
  }
}
