import { install, lacking, type Prepared, prepare } from '../../measure/native/prepare.ts'
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
 * Probes each server three times in a row as it is, the third time under load, and once with each of its mistakes;
 * without names also the patterns of the lab.
 * @param names of servers; none: all
 * @throws {Finding} for a difference from what is declared
 */
export async function runMatrix(names: readonly string[]): Promise<void> {
  const chosen = names.length > 0 ? names.map(serverOf) : foreignServers
  const ready = chosen.flatMap(readied)
  try {
    // They wait more than they compute, so that all of them go at once.
    const doors = names.length > 0 ? [] : labDoors
    const findings = await Promise.all([...ready.map(findingsOf), ofLab(doors)])
    const all = [...findings.flat(), ...staleMatrix()]
    if (all.length > 0) throw new Finding(`${all.length} of these do not hold:\n${all.join('\n')}`)
  } finally {
    for (const { right, wrong } of ready) for (const each of [right, ...wrong.values()]) each.remove()
  }
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
  say(`${server.name}: built ${wrong.length + 1} times in ${seconds(began)}`)
  return [{ server, right, wrong: new Map(wrong) }]
}

async function findingsOf({ server, right, wrong }: Ready): Promise<string[]> {
  const findings: string[] = []
  const note = (what: string, began: number, lines: readonly string[]) => {
    say(`${server.name}, ${what}: ${lines.length === 0 ? 'as declared' : 'DIFFERS'}, ${seconds(began)}`)
    findings.push(...lines.map((line) => `${server.name}, ${what}: ${line}`))
  }
  for (const what of ['right', 'right, again', 'right, under load']) {
    const began = Date.now()
    const probed = () => probeServer(server, right)
    note(what, began, differences(server, await (what.endsWith('load') ? underLoad(probed) : probed())))
  }
  for (const [mistake, prepared] of wrong) {
    const began = Date.now()
    note(`"${mistake.what}"`, began, missed(server, mistake, await probeServer(server, prepared, quick)))
  }
  return findings
}

async function ofLab(doors: readonly LabDoor[]): Promise<string[]> {
  const findings: string[] = []
  for (const door of doors) {
    const began = Date.now()
    const lines = differences(door, await probeLab(door))
    say(`${door.name}: ${lines.length === 0 ? 'as declared' : 'DIFFERS'}, ${seconds(began)}`)
    findings.push(...lines.map((line) => `${door.name}: ${line}`))
  }
  return findings
}

function serverOf(name: string): ForeignServer {
  const found = foreignServers.find((each) => each.name === name)
  if (found) return found
  const known = foreignServers.map((each) => `"${each.name}"`).join(', ')
  throw new UserError(`there is no "${name}" in docs/probe: use ${known}`)
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
