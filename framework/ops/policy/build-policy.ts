import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { visible } from '@lab/contract'
import { policyFolder as folder, recordBuild, recordData } from '../../parties/pdp/policy-record.ts'
import { shortPath } from '../../process/short-path.ts'
import { say } from '../../process/terminal.ts'
import { readOwnRealm } from '../../scenario/own-realm/read-own-realm.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { compileWasm, findOpa, opaVersion } from './opa.ts'
import { readOwnPolicy } from './own-policy.ts'
import { policyData } from './policy-data.ts'

export const wasmFile = join(folder, 'policy.wasm')
export const dataFile = join(folder, 'data.json')

/** Writes all that is generated from the Rego and the realm file. @throws {UserError} if there is no OPA */
export function buildPolicy(): void {
  const opa = findOpa()
  writeFileSync(dataFile, generatedData())
  writeFileSync(wasmFile, compileWasm(opa, folder))
  recordBuild(folder, opaVersion)
  say('built opa/data.json, opa/policy.wasm, opa/policy.wasm.json and opa/.manifest')
}

/**
 * Writes the same into a folder of the person's, so that it runs without OPA and an OPA server can serve it.
 * @param realmFile whose users and delegations go into `data.json`; default: the lab's own realm
 * @throws {UserError} for a policy or realm that the lab cannot run on
 */
export async function buildOwnPolicy(own: string, realmFile: string | undefined): Promise<void> {
  const realm = realmFile === undefined ? readRealm() : readOwnRealm(realmFile).realm
  const { wasm, data } = await readOwnPolicy(own, realm)
  writeFileSync(join(own, 'data.json'), `${JSON.stringify(data, null, 2)}\n`)
  writeFileSync(join(own, 'policy.wasm'), wasm)
  recordBuild(own, opaVersion)
  say(`built data.json, policy.wasm, policy.wasm.json and .manifest in ${visible(shortPath(own))}`)
}

/** Writes what is generated from the realm file alone. */
export function writeData(): void {
  writeFileSync(dataFile, generatedData())
  recordData(folder)
  say('wrote opa/data.json and opa/.manifest')
}

export function generatedData(): string {
  return `${JSON.stringify(policyData(readRealm()), null, 2)}\n`
}
