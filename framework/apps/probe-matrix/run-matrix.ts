import { install, lacking, type Prepared, prepare } from '../../measure/native/prepare.ts'
import { withResource } from '../../process/exit.ts'
import { say } from '../../process/terminal.ts'
import { Finding, UserError } from '../../process/user-error.ts'
import { checkGroups } from '../probe/checks/index.ts'
import { differences, missed } from './differences.ts'
import type { ForeignServer, ServerMistake } from './foreign-server.ts'
import { underLoad } from './load.ts'
import { staleMatrix } from './page.ts'
import { probeLab } from './probe-lab.ts'
import { probeServer } from './probe-server.ts'
import { foreignServers } from './servers/index.ts'
import { type LabDoor, labDoors } from './servers/lab.ts'

/** A check that waits for half a minute, and that no mistake here has to do with. */
const slow = 'rotated-key'
const quick = checkGroups.flatMap(({ checks }) => checks.map(({ id }) => id)).filter((id) => id !== slow)

/**
 * Probes each server as it is, and once with each of its mistakes; without names also the patterns of the lab.
 * @param names of servers; none: all
 * @param options.thrice probes the right ones two times more, the third time while every core is busy
 * @throws {Finding} for a difference from what is declared
 */
export async function runMatrix(
  names: readonly string[],
  options: { readonly thrice?: boolean } = {},
): Promise<void> {
  const chosen = names.length > 0 ? names.map(serverOf) : foreignServers
  const doors = names.length > 0 ? [] : labDoors
  const ready = chosen.flatMap(readied)
  const stop = async () => {
    for (const { right, wrong } of ready) for (const each of [right, ...wrong.values()]) each.remove()
  }
  const all = await withResource({ stop }, () => findingsOf(ready, doors, options.thrice === true))
  if (all.length > 0) throw new Finding(`${all.length} of these do not hold:\n${all.join('\n')}`)
}

async function findingsOf(ready: readonly Ready[], doors: readonly LabDoor[], thrice: boolean) {
  const rights = (what: string) => ready.map((each) => rightOf(each, what))
  // The right ones wait half a minute for a new key, so that the others go on beside them, one after another: a server
  // whose issuer is too busy to give its keys refuses everybody.
  const beside = [allOf(rights('right')), allOf([...ready.flatMap(wrongOf), ...doors.map(doorOf)], 1)]
  const findings = (await Promise.all(beside)).flat()
  if (thrice) {
    findings.push(...(await allOf(rights('right, again'))))
    findings.push(...(await underLoad(() => allOf(rights('right, under load')))))
  }
  return [...findings, ...staleMatrix()]
}

/** One run of a server. @returns a line for each difference */
type Run = () => Promise<string[]>

/** Does the runs in order, so many at once. */
async function allOf(runs: readonly Run[], lanes = 3): Promise<string[]> {
  const waiting = [...runs]
  const findings: string[] = []
  const lane = async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) findings.push(...(await run()))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return findings
}

interface Ready {
  readonly server: ForeignServer
  readonly right: Prepared
  readonly wrong: ReadonlyMap<ServerMistake, Prepared>
}

function readied(server: ForeignServer): Ready[] {
  const programs = lacking(server)
  if (programs.length > 0) {
    say(`!! NOT RUN: ${server.name}\n!! this machine lacks ${programs.join(', ')}`)
    return []
  }
  const began = Date.now()
  const deps = install(server)
  const right = prepare(server, deps)
  const wrong = server.mistakes.map(
    (mistake) =>
      [
        mistake,
        prepare(
          server,
          deps,
          mistake.changes.map((change) => ({ ...change, what: mistake.what })),
        ),
      ] as const,
  )
  say(`${server.name}: built ${wrong.length + 1} times in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return [{ server, right, wrong: new Map(wrong) }]
}

function rightOf({ server, right }: Ready, what: string): Run {
  return noted(`${server.name}, ${what}`, async () => differences(server, await probeServer(server, right)))
}

function wrongOf({ server, wrong }: Ready): Run[] {
  return [...wrong].map(([mistake, prepared]) =>
    noted(`${server.name}, "${mistake.what}"`, async () =>
      missed(server, mistake, await probeServer(server, prepared, quick)),
    ),
  )
}

function doorOf(door: LabDoor): Run {
  return noted(door.name, async () => differences(door, await probeLab(door)))
}

/** The run, told in a line. A server that does not start is a difference, too: the others go on. */
function noted(what: string, run: Run): Run {
  return async () => {
    const began = Date.now()
    const lines = await run().catch((error) => {
      if (error instanceof UserError) return [error.message]
      throw error
    })
    const took = `${((Date.now() - began) / 1000).toFixed(1)} s`
    say([`${what}: ${lines.length === 0 ? 'as declared' : 'DIFFERS'}, ${took}`, ...lines].join('\n  '))
    return lines.map((line) => `${what}: ${line}`)
  }
}

function serverOf(name: string): ForeignServer {
  const found = foreignServers.find((each) => each.name === name)
  if (found) return found
  const known = foreignServers.map((each) => `"${each.name}"`).join(', ')
  throw new UserError(`there is no "${name}" in docs/probe: use ${known}`)
}
