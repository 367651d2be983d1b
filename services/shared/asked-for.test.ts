import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { askedFor } from './asked-for.ts'
import type { ServiceEnv } from './service-deps.ts'

async function ask(path: string, body?: string) {
  const app = new Hono<ServiceEnv>()
  app.put('/users/:user/role', async (c) => {
    const asked = await askedFor('set_user_role', c).catch(({ code, message }) => ({ code, message }))
    return c.json({ ...asked, body: await c.req.text() })
  })
  const response = await app.request(path, { method: 'PUT', ...(body !== undefined && { body }) })
  return response.json()
}
const refused = (message: string) => expect.objectContaining({ code: 'access_denied', message })

it.each<[string, string, string | undefined]>([
  ['in path and body', '/users/dave/role', '{"user":"bob"}'],
  ['in path and query', '/users/dave/role?user=bob', undefined],
  ['twice in the query', '/users/dave/role?role=user&role=admin', undefined],
])('an argument that is there twice, %s, is refused', async (_what, path, body) => {
  expect(await ask(path, body)).toEqual(refused('an argument is there twice'))
})

it.each(['[]', 'null', '"admin"', 'role=admin', '{'])(
  'a body that is no object is refused: %s',
  async (body) => {
    expect(await ask('/users/dave/role', body)).toEqual(refused(expect.stringContaining('no JSON object')))
  },
)

it('every argument counts, wherever it is, and the body can be read afterwards', async () => {
  const body = '{"role":"admin","more":1}'
  expect(await ask('/users/dave/role?by=bob', body)).toEqual({
    tool: 'set_user_role',
    args: { user: 'dave', by: 'bob', role: 'admin', more: 1 },
    body,
  })
  expect(await ask('/users/dave/role')).toMatchObject({ args: { user: 'dave' } })
})
