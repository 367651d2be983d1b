import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NativeStack, type Place } from '../../ops/native-stack/native-stack.ts'
import { AdminApi } from '../../parties/keycloak/admin-api.ts'
import { freePort } from '../../process/free-port.ts'
import { type Cell, runCells } from '../../runner/cells.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { StackOptions } from '../../runner/stack.ts'
import { readRealm } from '../../scenario/realm/index.ts'

/** A stack of this suite's own, to be broken: the one that runs beside it is not touched. */
const keycloakPort = await freePort()
const managementPort = await freePort()
const opaPort = await freePort()
const nobodysPort = await freePort()
const admin = { username: 'admin', password: 'admin' }
export const folder = mkdtempSync(join(tmpdir(), 'real-stack-'))
export const place: Place = {
  keycloakUrl: `http://127.0.0.1:${keycloakPort}`,
  managementPort,
  opaUrl: `http://127.0.0.1:${opaPort}`,
  admin,
  stateFolder: folder,
}
/** The same Keycloak by another name, and an address at which nobody answers. */
export const otherName = `http://localhost:${keycloakPort}`
export const nobody = `http://127.0.0.1:${nobodysPort}`

export const realm = readRealm()
export const keycloak = { url: place.keycloakUrl, admin, secrets: {} }
export const both: StackOptions = { keycloak, opaUrl: place.opaUrl }
export const api = new AdminApi(keycloak, realm.name)
export const stack = new NativeStack(place)
export const progress = { report() {}, update() {} }

export async function tearDown(): Promise<void> {
  await stack.down()
  rmSync(folder, { recursive: true })
}

const runners: PatternRunner[] = []

export async function started(which: string, options: StackOptions = both): Promise<PatternRunner> {
  const runner = await new PatternRunner(which, options).start()
  runners.push(runner)
  return runner
}

export async function stopStarted(): Promise<void> {
  for (const runner of runners.splice(0)) await runner.stop()
}

/** Somebody asks for their own expenses, which they may have. */
export async function ask(runner: PatternRunner, user = 'alice'): Promise<Cell | undefined> {
  const [cell] = await runCells(runner, [user], [1])
  return cell
}
