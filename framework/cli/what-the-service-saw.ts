import pc from 'picocolors'
import { shownIdentity } from './pattern-json.ts'
import type { PatternReport } from './run-pattern.ts'

/** For each user the first identity that a service read, in one line: what it knew, and no more. */
export function whatTheServiceSaw({ runner, cells, asked }: PatternReport): string[] {
  const users = new Map([...cells, ...asked].map(({ trace, user }) => [trace, user]))
  const first = new Map<string, string>()
  for (const seen of runner.identities) {
    const user = users.get(seen.trace)
    if (!user || first.has(user)) continue
    const { trace, claims, service, method, policy, ...known } = shownIdentity(seen)
    const facts = Object.entries(known).map(
      ([name, value]) => `${pc.dim(name)} ${[value].flat().join(' ') || '–'}`,
    )
    first.set(user, `${service} saw ${method}, decided by ${policy}: ${facts.join(', ') || 'nothing at all'}`)
  }
  return [...first].map(([user, line]) => `${user} asked, ${line}`)
}
