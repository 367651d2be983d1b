import { type Resource, scopes } from '@lab/contract'
import { openDatabase } from '@lab/services'
import { expect, it } from 'vitest'
import { mayDo } from '../../scenario/ground-truth.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { allResources } from '../../scenario/targets.ts'
import { openWasmPdp } from './wasm-pdp.ts'

it('is what the relationships policy decides, for every user, action and row', async () => {
  const realm = readRealm()
  const pdp = await openWasmPdp()
  const database = openDatabase(realm.users.map(({ username: name, ...user }) => ({ name, ...user })))
  const resources: Resource[] = allResources(database.snapshot())
  database.close()
  const allowed: Record<string, number> = {}
  for (const { username: user, roles } of realm.users) {
    for (const action of scopes) {
      const input = { subject: { user, roles }, actors: ['mcp-server'], scopes: [action], action, resources }
      const decisions = await pdp.decide('relationships', input)
      for (const [at, resource] of resources.entries()) {
        const truth = mayDo(realm, user, action, resource)
        expect({ user, action, resource, allow: decisions[at]?.allow }).toEqual({
          user,
          action,
          resource,
          allow: truth,
        })
        if (truth) allowed[action] = (allowed[action] ?? 0) + 1
      }
    }
  }
  // Counted by hand from the seed: a policy of all or nothing would show here.
  expect(allowed).toEqual({
    'expenses:read': 5 + 2, // each by its owner, and alice's two by bob, her manager
    'expenses:write': 4, // as above, without dave, who only reads
    'expenses:approve': 2, // alice's, by bob
    'documents:read': 4 + 2 + 2, // alice has a department of two and the admins' one; all have the handbook
    'users:manage': 2, // the two others, by alice
  })
})
