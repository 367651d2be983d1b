import { describe, expect, it } from 'vitest'
import { byRoles, json, startService } from '../testing/service.ts'

const toAdmin = json('PUT', { role: 'admin' })

describe('PUT /users/:user/role', () => {
  it.each(['bob', 'dave'])('refuses %s, and changes nothing', async (user) => {
    const service = startService('directory', byRoles(user))
    const before = service.database.snapshot()
    const { status, body } = await service.send('/users/dave/role', toAdmin)
    expect([status, body]).toMatchObject([403, { error: 'access_denied' }])
    expect(service.database.snapshot()).toEqual(before)
    expect(service.records).toMatchObject([{ decision: 'deny', resources: ['user:dave'], status: 403 }])
  })

  it.each(['bob', 'dave'])('does not tell %s who there is', async (user) => {
    const service = startService('directory', byRoles(user))
    const [known, unknown] = [
      await service.send('/users/alice/role', toAdmin),
      await service.send('/users/mallory/role', toAdmin),
    ]
    expect(unknown.status).toBe(403)
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
    expect(service.records.map(({ resources }) => resources)).toEqual([['user:alice'], ['user:mallory']])
  })

  it('knows no such user, for who may manage users', async () => {
    const service = startService('directory', byRoles('alice'))
    expect(await service.send('/users/mallory/role', toAdmin)).toMatchObject({
      status: 404,
      body: { error: 'not_found', reason: 'there is no user mallory' },
    })
    expect(service.records).toMatchObject([{ decision: 'deny', decidedBy: 'nobody', status: 404 }])
  })

  it("replaces the user's roles", async () => {
    const service = startService('directory', byRoles('alice'))
    const { status, body } = await service.send('/users/dave/role', toAdmin)
    expect([status, body]).toEqual([200, { user: 'dave', roles: ['admin'] }])
    expect(service.database.rolesOf('dave')).toEqual(['admin'])
    expect(service.database.rolesOf('bob')).toEqual(['user'])
    expect(service.records).toMatchObject([{ user: 'alice', decision: 'allow', resources: ['user:dave'] }])
  })
})
