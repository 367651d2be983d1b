import { listen } from '@lab/services'
import { policyFolder, staleness } from '../../parties/pdp/policy-record.ts'
import { openWasmPdp } from '../../parties/pdp/wasm-pdp.ts'
import type { Environment } from '../../process/environment.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { attempt, type Finding } from './finding.ts'
import { learningTools } from './learning-tools.ts'
import { keycloak, opa } from './servers.ts'
import { stackTools } from './stack-tools.ts'

/** The oldest Node that is supported. */
const oldestNode = [20, 20] as const
/** The time that a server has to answer, in ms. */
const timeout = 2_000

/** Looks at everything that a run may need. */
export async function examine(env: Environment): Promise<Finding[]> {
  const needed = [...embedded(), keycloak(env), opa(env), ...stackTools(env), model(env)]
  const [findings, learning] = await Promise.all([Promise.all(needed), learningTools(env)])
  return [...findings, ...learning]
}

/** Looks at what the embedded default needs, and at nothing else. */
export async function examineEmbedded(): Promise<Finding[]> {
  return Promise.all(embedded())
}

function embedded(): (Finding | Promise<Finding>)[] {
  return [node(), ports(), realm(), policy(), policyIsFresh()]
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  const what = 'Node'
  const detail = process.versions.node
  return good
    ? { what, state: 'good', detail }
    : { what, state: 'bad', detail, remedy: `install Node ${oldestNode.join('.')} or newer` }
}

async function ports(): Promise<Finding> {
  const look = async () => {
    const listener = await listen()
    await listener.close()
    return 'can be opened'
  }
  return attempt('loopback ports', look, 'allow this user to listen on 127.0.0.1')
}

function realm(): Promise<Finding> {
  return attempt('realm file', async () => {
    const { users, clients } = readRealm()
    return `${users.length} users, ${clients.length} clients`
  })
}

function policy(): Promise<Finding> {
  return attempt('policy (wasm)', async () => {
    const pdp = await openWasmPdp()
    const [decision] = await pdp.decide('gate', {
      subject: { user: '', roles: [] },
      actors: [],
      scopes: [],
      action: 'expenses:read',
      resources: [{ type: 'tool', id: 'list_expenses' }],
    })
    if (decision?.allow !== false) throw new Error('it does not refuse a caller without a user')
    return 'loads, and refuses a caller without a user'
  })
}

function policyIsFresh(): Finding {
  const stale = staleness(policyFolder)
  const what = 'policy is fresh'
  return stale.length === 0
    ? { what, state: 'good', detail: 'wasm, data and Rego belong together' }
    : { what, state: 'bad', detail: stale.join('; '), remedy: 'rebuild it: pnpm run policy build' }
}

async function model({ OPENAI_API_KEY, OPENAI_BASE_URL: url }: Environment): Promise<Finding> {
  const what = 'model'
  if (!url) {
    const remedy = 'set OPENAI_API_KEY or OPENAI_BASE_URL for --model; the scripted model needs neither'
    return OPENAI_API_KEY
      ? { what, state: 'good', detail: 'OPENAI_API_KEY is set (not tried: a try may cost money)' }
      : { what, state: 'off', detail: 'scripted', remedy }
  }
  const look = async () => {
    const response = await fetch(`${url.replace(/\/$/, '')}/models`, {
      headers: { authorization: `Bearer ${OPENAI_API_KEY ?? ''}` },
      signal: AbortSignal.timeout(timeout),
      // The key is for this endpoint.
      redirect: 'error',
    })
    if (!response.ok) throw new Error(`HTTP ${response.status} at /models`)
    return `answers at ${url}`
  }
  return attempt(what, look, 'start it, or correct OPENAI_BASE_URL')
}
