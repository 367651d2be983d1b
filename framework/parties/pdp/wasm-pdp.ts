import { readFile } from 'node:fs/promises'
import { AuthError, type Pdp } from '@lab/contract'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { UserError } from '../../process/user-error.ts'
import { decisionsOf } from './decisions.ts'

const opa = new URL('../../../opa/', import.meta.url)

/** A policy as this process evaluates it. */
export interface WasmPolicy {
  readonly wasm: Uint8Array
  readonly data: object
}

/**
 * A policy, compiled to WebAssembly, in this process.
 * @param own default: the one of `opa/`
 * @throws {UserError} where `policy.wasm` or `data.json` is missing or not readable
 */
export async function openWasmPdp(own?: WasmPolicy): Promise<Pdp> {
  const policy = await load(own).catch((error: Error) => {
    const whose = own ? "the policy's WebAssembly" : 'opa/policy.wasm'
    throw new UserError(`${whose} cannot be loaded (${error.message}); rebuild it: pnpm run policy build`)
  })
  return {
    async decide(name, input) {
      return decisionsOf(evaluate(name, input), input)
    },
  }

  function evaluate(name: string, input: unknown): unknown {
    try {
      return policy.evaluate(input, `agentauth/${name}/decisions`)?.[0]?.result
    } catch (error) {
      throw new AuthError('pdp_unavailable', 'the policy failed while it decided', { cause: error })
    }
  }
}

async function load(own: WasmPolicy | undefined) {
  const { wasm, data } = own ?? (await labPolicy())
  const policy = await loadPolicy(wasm)
  policy.setData(data)
  return policy
}

async function labPolicy(): Promise<WasmPolicy> {
  const [wasm, data] = await Promise.all([
    readFile(new URL('policy.wasm', opa)),
    readFile(new URL('data.json', opa), 'utf8'),
  ])
  return { wasm, data: JSON.parse(data) }
}
