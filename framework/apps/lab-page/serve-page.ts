import { createInterface } from 'node:readline'
import { type Listener, listen } from '@lab/services'
import { withResource } from '../../process/exit.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import type { StackOptions } from '../../runner/stack.ts'
import type { StackFlags } from '../../runner/stack-from.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { Copies } from './copy/copies.ts'
import { builtFrontEnd } from './front-end.ts'
import { labView } from './lab-view.ts'
import { Links } from './links.ts'
import { pageApp } from './page-app.ts'
import { Visitors } from './visitors.ts'

/** A lab page that is being served. */
export interface LabPage {
  /** A new link: the first browser that opens it gets a session. */
  link(): string
  stop(): Promise<void>
}

/**
 * Serves the lab page on loopback.
 * @param options.port default: any free one
 * @param options.flags choose the same stack as `stack`, for the processes that copies run in
 * @param options.tell is told what happens, for the person at the terminal
 * @throws {UserError} for a port that is taken, or a front end that cannot be built
 */
export async function startPage(options: {
  readonly port?: number
  readonly stack: StackOptions
  readonly flags?: StackFlags
  readonly tell?: (line: string) => void
}): Promise<LabPage> {
  const { port = 0, stack, flags = {}, tell = () => {} } = options
  const folder = await builtFrontEnd(tell)
  const lab = await labView(stack.realm ?? readRealm(stack.realmFile))
  const listener: Listener = await listen(port).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`cannot listen on port ${port} (${error.code}): choose another --port or omit it`)
  })
  const links = new Links()
  const visitors = new Visitors(stack, tell, () => new Copies(flags))
  listener.serve(pageApp({ port: Number(new URL(listener.url).port), lab, links, visitors }, folder).fetch)
  return {
    link: () => `${listener.url}/#${links.issue()}`,
    stop: async () => {
      await listener.close()
      await visitors.stop()
    },
  }
}

/** Serves the page until the process is told to end. Enter shows a new link. */
export async function servePage(
  port: number | undefined,
  stack: StackOptions,
  flags: StackFlags,
): Promise<never> {
  const tell = (line: string) => void process.stderr.write(`${line}\n`)
  const page = await startPage({ ...(port !== undefined && { port }), stack, flags, tell })
  return withResource(page, async () => {
    say(`The lab page, for the first browser that opens this link:\n\n  ${page.link()}\n`)
    say(process.stdin.isTTY ? 'Enter: another link. Ctrl-C: end.' : 'Ctrl-C: end.')
    if (process.stdin.isTTY) {
      createInterface({ input: process.stdin }).on('line', () => say(`  ${page.link()}`))
    }
    return new Promise<never>(() => {})
  })
}
