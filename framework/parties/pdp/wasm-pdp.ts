import { readFile } from 'node:fs/promises'
import { AuthError, type Pdp } from '@lab/contract'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { UserError } from '../../process/user-error.ts'
import { decisionsOf } from './decisions.ts'

const opa = new URL('../../../opa/', import.meta.url)

/**
 * The policy of `opa/`, compiled to WebAssembly, in this process.
 * @throws {UserError} where `policy.wasm` or `data.json` is missing or not readable
 */
export async function openWasmPdp(): Promise<Pdp> {
  const policy = await load().catch((error: Error) => {
    throw new UserError(
      `opa/policy.wasm cannot be loaded (${error.message}); rebuild it: pnpm run policy build`,
    )
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

async function load() {
  const [wasm, data] = await Promise.all([
    readFile(new URL('policy.wasm', opa)),
    readFile(new URL('data.json', opa), 'utf8'),
  ])
  const policy = await loadPolicy(wasm)
  policy.setData(JSON.parse(data))
  return policy
}
