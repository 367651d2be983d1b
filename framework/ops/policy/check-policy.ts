import { existsSync, readFileSync } from 'node:fs'
import { policyFolder as folder, staleness } from '../../parties/pdp/policy-record.ts'
import { say } from '../../process/terminal.ts'
import { Finding, UserError } from '../../process/user-error.ts'
import { dataFile, generatedData, wasmFile } from './build-policy.ts'
import { compileWasm, findOpa, verifyRego } from './opa.ts'

/**
 * Checks that the generated parts of the policy are fresh and, with OPA, that the Rego passes its own tests.
 * @throws {Finding} for the first thing that is not as it must be
 * @throws {UserError} if OPA is required and missing
 */
export function checkPolicy(opaRequired: boolean): void {
  if (!existsSync(dataFile) || readFileSync(dataFile, 'utf8') !== generatedData()) {
    throw new Finding('opa/data.json is not what the realm file generates: run pnpm run policy data')
  }
  say('ok    opa/data.json is what the realm file generates')

  const stale = staleness(folder)
  if (stale.length > 0) throw new Finding(`opa/: ${stale.join(', ')}: run pnpm run policy build`)
  say('ok    opa/policy.wasm and the manifest were made from the Rego beside them')

  const opa = opaRequired ? findOpa() : opaIfThere()
  if (!opa) return
  verifyRego(opa, folder)
  say('ok    the Rego is formatted, strict, and tested in every line')
  if (!compileWasm(opa, folder).equals(readFileSync(wasmFile))) {
    throw new Finding('opa/policy.wasm is not what the Rego compiles to: run pnpm run policy build')
  }
  say('ok    opa/policy.wasm is, byte for byte, what the Rego compiles to')
}

function opaIfThere(): string | undefined {
  try {
    return findOpa()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    process.stderr.write(`SKIPPED  the Rego was neither tested nor compiled: ${error.message}\n`)
    return undefined
  }
}
