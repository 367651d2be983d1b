import { readFileSync } from 'node:fs'
import { audienceOf, type TokenProfile, tokenProfiles } from '@lab/contract'
import { expect, it } from 'vitest'

it('docs/providers.md shows the profiles as they are', () => {
  const page = readFileSync(new URL('../../../docs/providers.md', import.meta.url), 'utf8')
  const shown = page.split('\n').filter((line) => /^\| `[a-z][\w-]+` \|/.test(line))
  expect(shown).toEqual(Object.entries(tokenProfiles).map(([name, profile]) => row(name, profile)))
})

function row(name: string, profile: TokenProfile): string {
  const { type, algorithms, client, scopes, roles, user, tokenId, audienceIn, fixed, maxAge = 3600 } = profile
  const code = (text: string) => `\`${text}\``
  const cells = [
    code(name),
    type === 'JWT' ? '`JWT` or none' : code(type),
    algorithms.join(', '),
    ...[client, scopes, roles, user].map(code),
    tokenId ? code(tokenId) : '–',
    code(audienceOf(profile, 'expenses')) + (audienceIn ? ` in ${code(audienceIn)}` : ''),
    Object.entries(fixed ?? {})
      .map(([name, value]) => code(`${name}: ${value}`))
      .join(', ') || '–',
    `${maxAge / 3600} h`,
  ]
  return `| ${cells.join(' | ')} |`
}
