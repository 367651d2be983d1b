import type { Attack } from '../../attacks/attacker/attack.ts'
import { type AttackResult, runAttacks } from '../../attacks/run-attacks.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import type { RealmClient } from '../../scenario/realm/realm.ts'

/**
 * True if the IdP decided an attack: it refused a grant, and where every client may have that grant the same attack
 * has another outcome. It is asked of the IdP that the pattern runs on, whose realm is a generous one for a moment.
 */
export async function idpDecides(
  runner: PatternRunner,
  attacks: readonly Attack[],
  results: readonly AttackResult[],
): Promise<boolean> {
  for (const attack of attacks) {
    const result = results.find(({ id }) => id === attack.id)
    const refused = result?.outcome === 'blocked' ? refusedScopes(result) : []
    if (refused.length === 0) continue
    const generous = await inGenerousRealm(runner, refused, () => runAttacks(runner, [attack]))
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

/** Does something while each client that may exchange tokens may also ask for these scopes, where the realm has them. */
async function inGenerousRealm<T>(
  { realm, stack: { idp } }: PatternRunner,
  scopes: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const known = new Set(realm.clients.flatMap(scopesOf))
  const wanted = scopes.filter((name) => known.has(name))
  try {
    for (const client of realm.clients.filter(({ tokenExchange }) => tokenExchange)) {
      const added = wanted.filter((name) => !scopesOf(client).includes(name))
      const held = client.optionalScopes.map(({ name }) => name)
      await idp.admin.setOptionalScopes(client.clientId, [...held, ...new Set(added)])
    }
    return await work()
  } finally {
    await idp.admin.reset()
  }
}

function scopesOf({ defaultScopes, optionalScopes }: RealmClient): string[] {
  return [...defaultScopes, ...optionalScopes].map(({ name }) => name)
}
