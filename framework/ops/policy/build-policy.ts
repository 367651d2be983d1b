import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { policyFolder as folder, recordBuild, recordData } from '../../parties/pdp/policy-record.ts'
import { say } from '../../process/terminal.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { compileWasm, findOpa, opaVersion } from './opa.ts'
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

/** Writes what is generated from the realm file alone. */
export function writeData(): void {
  writeFileSync(dataFile, generatedData())
  recordData(folder)
  say('wrote opa/data.json and opa/.manifest')
}

export function generatedData(): string {
  return `${JSON.stringify(policyData(readRealm()), null, 2)}\n`
}
