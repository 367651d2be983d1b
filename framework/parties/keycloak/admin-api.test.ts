import { type Listener, listen } from '@lab/services'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { AdminApi } from './admin-api.ts'
import { keycloakSettings } from './settings.ts'

let keycloak: Listener
let answer: (request: Request) => Response
let seen: string[]
let bodies: string[]

beforeAll(async () => {
  keycloak = await listen()
  keycloak.serve(async (request) => {
    const { pathname, search } = new URL(request.url)
    const authorization = request.headers.get('authorization') ?? 'nobody'
    seen.push(`${request.method} ${pathname}${search} as ${authorization}`)
    bodies.push(await request.text())
    return answer(request)
  })
})
afterAll(() => keycloak.close())

/** Its token lives for a minute, as Keycloak's does, and has a number. */
const granting = (other: () => Response) => {
  let number = 0
  return (request: Request) =>
    request.url.endsWith('/token') ? Response.json({ access_token: `t${++number}`, expires_in: 60 }) : other()
}

let api: AdminApi
beforeEach(() => {
  seen = []
  bodies = []
  answer = granting(() => Response.json([1]))
  api = new AdminApi(keycloakSettings({ KEYCLOAK_URL: keycloak.url }), 'agent-auth')
})
afterEach(() => {
  vi.useRealTimers()
})

const asksForToken = 'POST /realms/master/protocol/openid-connect/token as nobody'

it('asks the realm as the administrator, who signs in once', async () => {
  expect(await api.get('/users?x=1')).toEqual([1])
  await api.send('PUT', '', { enabled: false })
  expect(seen).toEqual([
    asksForToken,
    'GET /admin/realms/agent-auth/users?x=1 as Bearer t1',
    'PUT /admin/realms/agent-auth as Bearer t1',
  ])
  expect(bodies).toEqual([
    'grant_type=password&client_id=admin-cli&username=admin&password=admin',
    '',
    '{"enabled":false}',
  ])
})

it.each([
  [49_000, 'Bearer t1'],
  [51_000, 'Bearer t2'],
])('%d ms later the token is %s: one that ends soon is not used', async (later, token) => {
  await api.get('/users')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + later })
  await api.get('/users')
  expect(seen.at(-1)).toBe(`GET /admin/realms/agent-auth/users as ${token}`)
})

it.each([401, 403, 404, 500])('a refusal with %d is said with what was asked', async (status) => {
  answer = granting(() => new Response('', { status }))
  await expect(api.get('/users')).rejects.toThrow(UserError)
  await expect(api.get('/users')).rejects.toThrow(`HTTP ${status} to GET /users`)
  await expect(api.send('PUT', '')).rejects.toThrow(`HTTP ${status} to PUT the realm`)
})

it('an administrator whom Keycloak does not know is a mistake of the settings', async () => {
  answer = () => new Response('', { status: 401 })
  await expect(api.get('/users')).rejects.toThrow(
    /does not take admin as its administrator \(HTTP 401\): set KC_/,
  )
  expect(seen).toEqual([asksForToken])
})

it('nothing is sent on to where a redirect points', async () => {
  answer = granting(() => Response.redirect(`${keycloak.url}/elsewhere`, 307))
  await expect(api.send('POST', '/users', {})).rejects.toThrow(/does not answer; see its state/)
  expect(seen.filter((line) => line.includes('elsewhere'))).toEqual([])
})
