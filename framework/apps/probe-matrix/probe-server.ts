import type { Prepared } from '../../measure/native/prepare.ts'
import { startNative } from '../../measure/native/start-native.ts'
import { withResource } from '../../process/exit.ts'
import { freePort } from '../../process/free-port.ts'
import { ProbeIssuer } from '../probe/issuer.ts'
import { Probe } from '../probe/probe.ts'
import { type Probed, runProbe } from '../probe/run-probe.ts'
import { targetSchema } from '../probe/target.ts'
import { waitForControl } from '../probe/wait-for-control.ts'
import type { ForeignServer } from './foreign-server.ts'

/** The time that a server has from its first answer to the honest one, in ms. */
const patience = 30_000
/** The time for one request, in ms: many servers start at once beside it, and load is no refusal. */
const timeout = 30_000

/** Starts a prepared server and an issuer that it trusts, and asks it each check. */
export async function probeServer(
  server: ForeignServer,
  prepared: Prepared,
  only?: readonly string[],
): Promise<Probed[]> {
  const url = `http://127.0.0.1:${await freePort()}${server.path}`
  const issuer = await ProbeIssuer.start(0, { audience: url, scope: 'read', typ: 'at+jwt' })
  return withResource(issuer, async () => {
    const running = await startNative(prepared, {
      name: server.name,
      url,
      args: [new URL(url).port, issuer.url],
      isReady: () => answers(url),
    })
    const stop = () => running.close()
    return withResource({ stop }, async () => {
      const probe = new Probe(targetOf(server, url), issuer)
      await waitForControl(probe, patience)
      return runProbe(probe, only)
    })
  })
}

function targetOf({ path }: ForeignServer, url: string) {
  return targetSchema.parse({
    url,
    ...(path === '/mcp' && { tool: 'rows' }),
    scope: 'read',
    maxRequests: 2_000,
    timeout,
    users: { alice: { expect: { text: 'rows of alice' } }, dave: { expect: { text: 'rows of dave' } } },
  })
}

/** True for any answer: without a token it is a refusal. */
async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.body?.cancel().then(() => true) ?? true,
    () => false,
  )
}
