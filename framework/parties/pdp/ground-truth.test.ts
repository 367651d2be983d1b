import { type Resource, scopes } from '@lab/contract'
import { openDatabase } from '@lab/services'
import { expect, it } from 'vitest'
import { mayDo } from '../../scenario/ground-truth.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { allResources } from '../../scenario/targets.ts'
import { openWasmPdp } from './wasm-pdp.ts'

it('is what the relationships policy decides, for every user, action and row', async () => {
  const realm = await readRealm()
  const pdp = await openWasmPdp()
  const database = openDatabase(realm.users.map(({ username: name, ...user }) => ({ name, ...user })))
  const resources: Resource[] = allResources(database.snapshot())
  database.close()
  let allowed = 0
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
        if (truth) allowed++
      }
    }
  }
  // 5 expenses read by their owners and 2 of alice's by bob, 4 written in one's own name, 2 approved by a manager,
  // the documents that each may read, and two roles that an admin sets: a policy of all or nothing would show here.
  expect(allowed).toBeGreaterThan(20)
  expect(allowed).toBeLessThan((resources.length * realm.users.length * scopes.length) / 4)
})
