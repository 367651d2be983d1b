import type { TellPerson } from '../../parties/idp/approvals/questions.ts'
import { withResource } from '../../process/exit.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import type { PublicAddress } from '../../runner/behind-proxy.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { type LoggedCall, loggingCalls } from './call-log.ts'
import { callLine, type Shown, servedText } from './serve-text.ts'
import { loggingServiceCalls } from './service-calls.ts'

/** A stack that stays up keeps the last of each kind of record, and not all. */
const capacity = 500

/**
 * Starts a pattern's stack for clients of your own, and keeps it up until the process is told to end.
 * @param options.port of the MCP server; default: any free one
 * @param options.host its interface; default: loopback
 * @param options.docs also serves the page that documents the services
 * @throws {UserError} for a pattern that cannot be loaded, or a port that is taken
 */
export async function servePattern(
  which: string,
  options: {
    readonly port?: number
    readonly host?: string
    /** Its address at a reverse proxy. */
    readonly publicAddress?: PublicAddress
    /** The realm file to name in the commands that are shown. */
    readonly realmFile?: string
    readonly docs?: boolean
    /** Tells a person that an action waits for her approval: behind a foreign client no user is played. */
    readonly tellPerson?: TellPerson
    readonly stack: StackOptions
  },
): Promise<never> {
  const { port, host, publicAddress, realmFile } = options
  const tell = (call: LoggedCall) => say(runner.stack.recorder.redactor.redact(callLine(call, new Date())))
  const logServiceCall = loggingServiceCalls(() => runner.stack.recorder, tell)
  const runner: PatternRunner = new PatternRunner(which, {
    ...options.stack,
    auditSink: (event) => {
      // What the journal does not take has not happened.
      options.stack.auditSink?.(event)
      logServiceCall(event)
    },
    ...(options.docs && { openToDocs: true }),
    ...(options.tellPerson && { tellPerson: options.tellPerson }),
    ownClients: true,
    recorder: { capacity },
    frontDoor: {
      ...(port !== undefined && { port }),
      ...(host !== undefined && { host }),
      ...(publicAddress && { publicAddress }),
      around: (serve, recorder) => loggingCalls(tell)(serve, recorder),
    },
  })
  return withResource(runner, async () => {
    await runner.start().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
      throw new UserError(`cannot listen on port ${port} (${error.code}): choose another --port or omit it`)
    })
    if (!options.docs) return untilTold(runner, { realmFile })
    const { startApiDocs } = await import('../api-docs/start-api-docs.ts')
    const docs = await startApiDocs(runner)
    return withResource({ stop: docs.close }, () => untilTold(runner, { realmFile, docsUrl: docs.url }))
  })
}

function untilTold(runner: PatternRunner, shown: Shown): Promise<never> {
  say(servedText(runner, shown))
  return new Promise<never>(() => {})
}
