import { newTraceparent } from '@lab/contract'
import { generateKeyPair } from 'jose'
import { ProofKey } from '../../attacks/attacker/proof-key.ts'
import { withResource } from '../../process/exit.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { Probe } from '../probe/probe.ts'
import { type Probed, runProbe } from '../probe/run-probe.ts'
import { targetSchema } from '../probe/target.ts'
import { waitForControl } from '../probe/wait-for-control.ts'
import { LabIssuer } from './lab-issuer.ts'
import type { LabDoor } from './servers/lab.ts'

const users = {
  alice: { expect: { text: 'Train to the team offsite' } },
  bob: { expect: { text: 'Dinner with a customer' } },
}
const names = Object.keys(users)

/** Asks a pattern's MCP server, or the service behind it, each check: with the key of the embedded IdP. */
export async function probeLab({ pattern, door }: LabDoor): Promise<Probed[]> {
  const { privateKey: key } = await generateKeyPair('ES256', { extractable: true })
  const runner = new PatternRunner(pattern, { signingKey: key })
  return withResource(runner, async () => {
    await runner.start()
    const isService = door === 'expenses'
    const tokens = isService ? await serviceTokens(runner) : await sessionTokens(runner)
    const issuer = await LabIssuer.of({
      key,
      tokens,
      ...(isService && { boundTo: await ProofKey.generate() }),
    })
    const { mcpUrl, serviceUrls } = runner.stack
    const target = targetSchema.parse({
      ...(isService
        ? { url: `${serviceUrls.expenses}/expenses`, scheme: 'DPoP' }
        : { url: mcpUrl, tool: 'list_expenses' }),
      scope: 'expenses:read',
      maxRequests: 2_000,
      users,
    })
    const probe = new Probe(target, issuer)
    await waitForControl(probe, 0)
    return runProbe(probe)
  })
}

async function sessionTokens({ stack }: PatternRunner): Promise<Record<string, string>> {
  const traceparent = newTraceparent()
  const tokens = names.map(async (name) => [name, await stack.sessions.accessTokenOf(name, traceparent)])
  return Object.fromEntries(await Promise.all(tokens))
}

/** The token that the MCP server got for each user, off the wire to the service. */
async function serviceTokens(runner: PatternRunner): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {}
  for (const name of names) {
    const end = runner.stack.recorder.tap(({ to, requestHeaders }) => {
      const [, token] = requestHeaders.get('authorization')?.split(' ') ?? []
      if (to === 'expenses' && token) tokens[name] = token
    })
    await runner.runAs(name, 'What are my expenses?')
    end()
  }
  return tokens
}
