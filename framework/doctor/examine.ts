import { listen } from '@lab/services'
import { openWasmPdp } from '../pdp/wasm-pdp.ts'
import { policyFolder, staleness } from '../policy/policy-record.ts'
import { readRealm } from '../realm/index.ts'

export interface Finding {
  readonly what: string
  /** `off`: absent, and the embedded default does without it. */
  readonly state: 'good' | 'off' | 'bad'
  readonly detail: string
  readonly remedy?: string
}

/** The oldest Node that is supported. */
const oldestNode = [20, 20] as const
/** How long a server may take to answer, in ms. */
const patience = 2_000

type Environment = Readonly<Record<string, string | undefined>>

/** Looks at everything that a run may need. */
export async function examine(env: Environment): Promise<Finding[]> {
  return Promise.all([
    node(),
    ports(),
    realm(),
    policy(),
    policyIsFresh(),
    keycloak(env),
    opa(env),
    model(env),
  ])
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
  return attempt('loopback ports', 'allow this user to listen on 127.0.0.1', async () => {
    const listener = await listen()
    await listener.close()
    return 'can be opened'
  })
}

function realm(): Promise<Finding> {
  return attempt('realm file', 'restore keycloak/agent-auth-realm.json: git checkout keycloak', async () => {
    const { users, clients } = await readRealm()
    return `${users.length} users, ${clients.length} clients`
  })
}

function policy(): Promise<Finding> {
  return attempt('policy (wasm)', 'rebuild it: pnpm run policy build', async () => {
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

function keycloak({ KEYCLOAK_URL }: Environment): Promise<Finding> {
  return server(
    'Keycloak',
    'KEYCLOAK_URL',
    KEYCLOAK_URL,
    '/realms/agent-auth/.well-known/openid-configuration',
  )
}

function opa({ OPA_URL }: Environment): Promise<Finding> {
  return server('OPA server', 'OPA_URL', OPA_URL, '/health')
}

async function model({ OPENAI_API_KEY, OPENAI_BASE_URL }: Environment): Promise<Finding> {
  const headers = { authorization: `Bearer ${OPENAI_API_KEY ?? ''}` }
  if (OPENAI_BASE_URL) return server('model', 'OPENAI_BASE_URL', OPENAI_BASE_URL, '/models', headers)
  const what = 'model'
  const remedy = 'set OPENAI_API_KEY or OPENAI_BASE_URL for --model; the scripted model needs neither'
  return OPENAI_API_KEY
    ? { what, state: 'good', detail: 'OPENAI_API_KEY is set (not tried: a try may cost money)' }
    : { what, state: 'off', detail: 'scripted', remedy }
}

async function server(
  what: string,
  variable: string,
  url: string | undefined,
  path: string,
  headers: Record<string, string> = {},
): Promise<Finding> {
  if (!url) return { what, state: 'off', detail: `${variable} is not set; the embedded default serves` }
  return attempt(what, `start it, or correct ${variable}`, async () => {
    const response = await fetch(url.replace(/\/$/, '') + path, {
      headers,
      signal: AbortSignal.timeout(patience),
    })
    if (!response.ok) throw new Error(`HTTP ${response.status} at ${path}`)
    return `answers at ${url}`
  })
}

async function attempt(what: string, remedy: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { what, state: 'good', detail: await look() }
  } catch (error) {
    return { what, state: 'bad', detail: (error as Error).message, remedy }
  }
}
