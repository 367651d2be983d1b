import { Command } from 'commander'
import { withResource } from '../../process/exit.ts'
import { lab } from '../../process/how-to-run.ts'
import { count, Progress, say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import type { Canary } from '../probe/canary.ts'
import type { Severity } from '../probe/check.ts'
import type { ProbeIssuer } from '../probe/issuer.ts'
import type { Probe } from '../probe/probe.ts'
import type { TargetFlags } from '../probe/read-target.ts'
import type { Report } from '../probe/reports/report.ts'
import type { Target } from '../probe/target.ts'

interface Flags extends TargetFlags {
  readonly asIssuer?: string | true
  readonly wait: string
  readonly iOwnThisHost?: string
  readonly only?: string
  readonly report?: string
  readonly out: string
  readonly failOn: string
  readonly baseline?: string
  readonly dryRun?: true
  readonly init?: true
}

const collect = (value: string, all: readonly string[] = []) => [...all, value]

export function probeCommand(): Command {
  return new Command('probe')
    .description('attack a running MCP server or HTTP API of your own, in any language')
    .argument('[target]', 'URL of the server, or a YAML file that describes it', 'probe.yaml')
    .option('--tool <name>', 'an MCP tool that is harmless to call; without it the target is an HTTP API')
    .option('--args <json>', "the tool's arguments")
    .option('--expect <user=text>', "a text in a user's honest answer and in no refusal; repeatable", collect)
    .option('--as-issuer [port]', 'the lab is the issuer that your server trusts; port: 3700')
    .option('--audience <name>', 'the audience that your server demands; default: its URL')
    .option('--scope <names>', 'the scopes that the call needs')
    .option('--realm <export>', 'a Keycloak export: sub, name and roles of its users; needs --as-issuer')
    .option('--acr <name>', 'how a user must have signed in for the call (RFC 9470)')
    .option('--token <user=@file>', "a user's token from your own IdP; repeatable", collect)
    .option('--dpop', 'your server takes DPoP-bound tokens; needs --as-issuer')
    .option('--canary <port>', 'start an API there for your server to call: does the token arrive at it?')
    .option('--jwks <url>', 'the key set of your own IdP, for forgeries that take its public keys; or @file')
    .option('--ca <file>', 'the certificate authority of your server, as PEM')
    .option('--wait <seconds>', 'how long to wait until the honest call is served', '120')
    .option('--i-own-this-host <name>', 'a host that is not this machine, and that you may attack')
    .option('--timeout <ms>', 'for one request; default: 10000')
    .option('--max-requests <number>', 'the most that one run sends; default: 500')
    .option('--only <ids>', 'comma-separated check ids; default: all')
    .option('--report <forms>', 'also write files: json, sarif, junit, html')
    .option('--out <folder>', 'the folder of the files', '.')
    .option('--fail-on <severity>', 'low, medium, high or critical', 'medium')
    .option('--baseline <file>', 'an earlier JSON report: shows what differs')
    .option('--init', 'write a starter for the file <target> (default: probe.yaml), and send nothing')
    .option('--dry-run', 'show the checks and the honest call, and send nothing')
    .addHelpText(
      'after',
      '\nExits 1 for a finding of at least --fail-on, or if a check could not be carried out; 2 for bad input.',
    )
    .action(probe)
}

async function probe(where: string, flags: Flags): Promise<void> {
  if (flags.init) {
    const { writeStarter } = await import('../probe/starter.ts')
    await writeStarter(where)
    return say(`wrote ${where}: fill it in, then run ${lab('probe')} ${where} --as-issuer`)
  }
  const { readTarget } = await import('../probe/read-target.ts')
  const { checkHost } = await import('../probe/target.ts')
  const { filesOf, formsOf } = await import('../probe/reports/files.ts')
  const target = await readTarget(where, flags)
  checkHost(target.url, flags.iOwnThisHost)
  const forms = formsOf(flags.report)
  const failOn = await severityOf(flags.failOn)
  const only = await idsOf(flags.only)
  const wait = seconds(flags.wait)
  if (flags.dryRun) {
    const asked = (['report', 'baseline'] as const).find((each) => flags[each] !== undefined)
    if (asked) throw new UserError(`--dry-run sends nothing, so there is no report: leave --${asked} out`)
    const { plan } = await import('../probe/plan.ts')
    return say(plan(target, only))
  }
  const { readBaseline, differences } = await import('../probe/reports/baseline.ts')
  const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline)
  const report = await run(target, { only, wait, asIssuer: flags.asIssuer })
  const { toText } = await import('../probe/reports/text.ts')
  say(toText(report))
  for (const line of baseline ? differences(baseline, report) : []) say(`changed  ${line}`)
  for (const file of await filesOf(report, forms, flags.out)) say(`wrote ${file}`)
  const { isAtLeast } = await import('../probe/reports/report.ts')
  const fails = report.results.some((each) => each.outcome === 'error' || isAtLeast(each, failOn))
  if (fails) process.exitCode = 1
}

interface RunOptions {
  readonly only: readonly string[] | undefined
  /** In ms. */
  readonly wait: number
  readonly asIssuer: string | true | undefined
}

async function run(target: Target, { only, wait, asIssuer }: RunOptions): Promise<Report> {
  if (!target.canary) return runWith(undefined, target, { only, wait, asIssuer })
  const { startCanary } = await import('../probe/canary.ts')
  const { port, answer } = target.canary
  const canary = await startCanary(port, answer).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`cannot listen on port ${port} (${error.code}): choose another --canary <port>`)
  })
  say(`The API behind your server, for the time of the test: ${canary.url}`)
  return withResource(canary, () => runWith(canary, target, { only, wait, asIssuer }))
}

async function runWith(
  canary: Canary | undefined,
  target: Target,
  { only, wait, asIssuer }: RunOptions,
): Promise<Report> {
  const { Probe } = await import('../probe/probe.ts')
  if (asIssuer === undefined) {
    if (target.scheme === 'DPoP') {
      throw new UserError('DPoP needs --as-issuer: only who has the key of a token can make proofs of it')
    }
    return reportOf(new Probe(target, undefined, canary), only, canary ? wait : 0)
  }
  return withResource(await startIssuer(target, asIssuer), async (issuer) => {
    const { toConfigure } = await import('../probe/plan.ts')
    say(toConfigure(issuer, target))
    return reportOf(new Probe(target, issuer, canary), only, wait)
  })
}

async function startIssuer(target: Target, asIssuer: string | true): Promise<ProbeIssuer> {
  const { ProbeIssuer } = await import('../probe/issuer.ts')
  const { ProofKey } = await import('../../attacks/attacker/proof-key.ts')
  const port = asIssuer === true ? 3700 : Number(asIssuer)
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw new UserError(`--as-issuer takes a port from 1 to 65535, not "${asIssuer}"`)
  }
  const { audience = target.url, scope, typ, acr, scheme } = target
  const boundTo = scheme === 'DPoP' ? await ProofKey.generate() : undefined
  return ProbeIssuer.start(port, { audience, scope, typ, acr, boundTo }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new UserError(`cannot listen on port ${port} (${error.code}): choose another --as-issuer <port>`)
    },
  )
}

async function reportOf(probe: Probe, only: readonly string[] | undefined, wait: number): Promise<Report> {
  const { waitForControl } = await import('../probe/wait-for-control.ts')
  const { runProbe, unsteady } = await import('../probe/run-probe.ts')
  const progress = new Progress()
  let checks = 0
  let ended = false
  // What is held is stopped at Ctrl-C, too: a part of a run says nothing about the server.
  const run = {
    async stop() {
      progress.done()
      if (ended) return
      process.stderr.write(
        `interrupted after ${count(checks, 'check')}: nothing is judged or written; run it again\n`,
      )
    },
  }
  return withResource(run, async () => {
    try {
      if ((await probe.tokenOf(probe.victim)) !== undefined) await waitForControl(probe, wait)
      const results = await runProbe(probe, only, ({ check }) => {
        checks += 1
        progress.update(check.id)
      })
      if (probe.isUnsteady)
        process.stderr.write(`${unsteady}: only what somebody got counts; look at its log\n`)
      const { url: target } = probe.target
      return { target, at: new Date().toISOString(), requests: probe.sender.count, results }
    } finally {
      ended = true
    }
  })
}

async function severityOf(value: string): Promise<Severity> {
  const { severities } = await import('../probe/check.ts')
  const severity = severities.find((each) => each === value)
  if (!severity) throw new UserError(`unknown severity "${value}": use ${severities.join(', ')}`)
  return severity
}

async function idsOf(value: string | undefined): Promise<string[] | undefined> {
  if (value === undefined) return undefined
  const { checkGroups } = await import('../probe/checks/index.ts')
  const known = checkGroups.flatMap(({ checks }) => checks.map(({ id }) => id))
  const ids = value.split(',').map((id) => id.trim())
  const unknown = ids.find((id) => !known.includes(id))
  if (unknown !== undefined) throw new UserError(`unknown check "${unknown}": use ${known.join(', ')}`)
  return ids
}

/** @returns ms */
function seconds(value: string): number {
  const number = Number(value)
  if (!(number >= 0 && number <= 3600)) throw new UserError(`--wait takes 0 to 3600 seconds, not "${value}"`)
  return number * 1000
}
