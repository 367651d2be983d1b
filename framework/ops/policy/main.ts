import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  policyFolder as folder,
  recordBuild,
  recordData,
  staleness,
} from '../../parties/pdp/policy-record.ts'
import { UserError } from '../../process/user-error.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { compileWasm, findOpa, opaVersion, verifyRego } from './opa.ts'
import { policyData } from './policy-data.ts'

const usage = `usage: pnpm run policy <build | check [--opa] | data>

  build   writes opa/data.json, policy.wasm, its record and the bundle's manifest (needs OPA)
  check   says whether they are fresh; with OPA also formats, types and tests the Rego and compiles it again
  data    writes opa/data.json from the realm file, and the manifest

  --opa   check fails where OPA is not installed
  --help  this text`

const wasmFile = join(folder, 'policy.wasm')
const dataFile = join(folder, 'data.json')

try {
  main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UserError)) throw error
  console.error(`policy: ${error.message}`)
  process.exitCode = 2
}

function main(args: string[]): void {
  const { command, help, opa } = parse(args)
  if (help) console.log(usage)
  else if (command === 'build') build()
  else if (command === 'check') check(opa)
  else if (command === 'data') data()
  else throw new UserError(`which of build, check and data?\n${usage}`)
}

function parse(args: string[]) {
  try {
    const options = {
      opa: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    return { ...values, command: positionals.join(' ') }
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n${usage}`)
  }
}

function build(): void {
  const opa = findOpa()
  writeFileSync(dataFile, generatedData())
  writeFileSync(wasmFile, compileWasm(opa, folder))
  recordBuild(folder, opaVersion)
  console.log('built opa/data.json, opa/policy.wasm, opa/policy.wasm.json and opa/.manifest')
}

function data(): void {
  writeFileSync(dataFile, generatedData())
  recordData(folder)
  console.log('wrote opa/data.json and opa/.manifest')
}

function check(opaRequired: boolean): void {
  if (!existsSync(dataFile) || readFileSync(dataFile, 'utf8') !== generatedData()) {
    throw new UserError('opa/data.json is not what the realm file generates; run: pnpm run policy data')
  }
  console.log('ok    opa/data.json is what the realm file generates')

  const stale = staleness(folder)
  if (stale.length > 0) throw new UserError(`opa/: ${stale.join(', ')}; run: pnpm run policy build`)
  console.log('ok    opa/policy.wasm and the manifest were made from the Rego beside them')

  const opa = opaRequired ? findOpa() : opaIfThere()
  if (!opa) return
  verifyRego(opa, folder)
  console.log('ok    the Rego is formatted, strict, and tested in every line')
  if (!compileWasm(opa, folder).equals(readFileSync(wasmFile))) {
    throw new UserError('opa/policy.wasm is not what the Rego compiles to; run: pnpm run policy build')
  }
  console.log('ok    opa/policy.wasm is, byte for byte, what the Rego compiles to')
}

function opaIfThere(): string | undefined {
  try {
    return findOpa()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    console.warn(`SKIPPED  the Rego was neither tested nor compiled: ${error.message}`)
    return undefined
  }
}

function generatedData(): string {
  return `${JSON.stringify(policyData(readRealm()), null, 2)}\n`
}
