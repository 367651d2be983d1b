import { expect, it } from 'vitest'
import { shownParts } from './shown-parts.ts'

it('says where the records of a Keycloak are, where its log is not at hand', async () => {
  const idp = { kind: 'keycloak' as const, issuer: 'http://keycloak.test/realms/agent-auth' }
  const runner = { audit: [], hops: [], pattern: { name: 'p06' }, stack: { idp } }
  const lines = await shownParts(runner, ['audit'])
  expect(lines.at(-1)).toMatch(/^What Keycloak decided is in its own log.*pnpm run audit last --log/)
})
