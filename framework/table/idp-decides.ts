import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attack } from '../attacks/attack.ts'
import { type AttackResult, runAttacks } from '../attacks/run-attacks.ts'
import { defaultRealmFile } from '../realm/index.ts'
import { PatternRunner } from '../runner/pattern-runner.ts'
import type { StackOptions } from '../runner/stack.ts'

/**
 * Whether the IdP decided an attack: it refused a grant, and in a realm where every client may have that grant the
 * same attack comes out otherwise. It is asked of the embedded IdP, whose realm can be another one for a moment.
 * @param folder the pattern's folder
 */
export async function idpDecides(
  folder: string,
  attacks: readonly Attack[],
  results: readonly AttackResult[],
  { keycloak: _, ...options }: StackOptions,
): Promise<boolean> {
  for (const attack of attacks) {
    const result = results.find(({ id }) => id === attack.id)
    const refused = result?.outcome === 'blocked' ? refusedScopes(result) : []
    if (refused.length === 0) continue
    const generous = await inGenerousRealm(options.realmFile, refused, async (realmFile) => {
      const runner = new PatternRunner(folder, { ...options, realmFile })
      try {
        return await runAttacks(await runner.start(), [attack])
      } finally {
        await runner.stop()
      }
    })
    if (generous.some(({ outcome }) => outcome === 'succeeds')) return true
  }
  return false
}

/** The scopes that a token request asked for in vain. */
function refusedScopes({ evidence }: AttackResult): string[] {
  return evidence.sent
    .filter(({ to, response }) => to === 'idp' && response.status >= 400)
    .flatMap(({ request }) => new URLSearchParams(request.body).get('scope')?.split(' ') ?? [])
}

interface RealmJson {
  readonly clients: readonly { attributes?: Record<string, string>; optionalClientScopes?: string[] }[]
  readonly clientScopes: readonly { readonly name: string }[]
}

/** Runs something with a realm in which each client that may exchange tokens was also given these scopes. */
async function inGenerousRealm<T>(
  realmFile = defaultRealmFile,
  scopes: readonly string[],
  work: (realmFile: string) => Promise<T>,
): Promise<T> {
  const realm = JSON.parse(await readFile(realmFile, 'utf8')) as RealmJson
  const known = realm.clientScopes.map(({ name }) => name)
  for (const client of realm.clients) {
    if (client.attributes?.['standard.token.exchange.enabled'] !== 'true') continue
    const held = new Set(client.optionalClientScopes)
    for (const scope of scopes) if (known.includes(scope)) held.add(scope)
    client.optionalClientScopes = [...held]
  }
  const folder = await mkdtemp(join(tmpdir(), 'agent-auth-lab-'))
  try {
    const file = join(folder, 'realm.json')
    await writeFile(file, JSON.stringify(realm))
    return await work(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
