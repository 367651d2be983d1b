import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readTarget } from './read-target.ts'
import { writeStarter } from './starter.ts'
import { checkHost } from './target.ts'
import { selfSigned } from './testing/self-signed.ts'

const folder = await mkdtemp(join(tmpdir(), 'target-'))
afterAll(() => rm(folder, { recursive: true }))

async function file(text: string, name = 'probe.yaml'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

function jwt(claims: object): string {
  return ['{"alg":"ES256"}', JSON.stringify(claims), 'x']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
}

describe('a target', () => {
  it('from a file is the same as from flags', async () => {
    const token = await file(' a.b.c\n', 'alice.jwt')
    const written = await file(
      `url: http://127.0.0.1:8000/mcp\ntool: rows\narguments: {owner: alice}\nusers:\n  alice: {token: "@${token}", expect: {text: rows}}\n`,
    )
    const flags = {
      tool: 'rows',
      args: '{"owner":"alice"}',
      token: [`alice=@${token}`],
      expect: ['alice=rows'],
    }
    const fromFlags = await readTarget('http://127.0.0.1:8000/mcp', flags)
    expect(await readTarget(written, {})).toEqual(fromFlags)
    expect(fromFlags.users.alice?.token).toBe('a.b.c')
  })

  it.each([
    ['an unknown key', 'url: http://127.0.0.1/\ntools: x', /must not have tools/],
    ['no URL', 'tool: x', /url: /],
    ['another protocol', 'url: ftp://127.0.0.1/', /url: /],
    ['no mapping', '- x', /describes no target/],
    ['broken YAML', 'url: "x', /is no YAML/],
    ['too many requests', 'url: http://127.0.0.1/\nmaxRequests: 100000', /maxRequests: /],
  ])('with %s is refused in one line', async (_what, text, message) => {
    const error = await readTarget(await file(text), {}).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain('\n')
  })

  it.each([
    [{ token: ['alice'] }, '--token is user=value'],
    [{ token: ['alice=@/nowhere'] }, 'the token of alice: /nowhere cannot be read (ENOENT)'],
    [
      { token: ['alice=Bearer a.b.c'] },
      /^what is given for alice is no token: give what stands after "Bearer"/,
    ],
    [{ token: ['alice=hush\nhush'] }, /^(?!.*hush).*is no token/],
    [{ args: '{' }, '--args is no JSON'],
    [{ timeout: 'soon' }, 'timeout: '],
    [{ ca: '/nowhere.pem' }, 'the authority /nowhere.pem cannot be read (ENOENT)'],
    [{ token: [`alice=${jwt({ exp: 1 })}`] }, /^the token of alice expired \d+ min ago/],
    [
      { token: [`alice=${jwt({ iss: 'https://a' })}`, `dave=${jwt({ iss: 'https://b' })}`] },
      'from two issuers (https://a, https://b)',
    ],
    [
      { token: [`alice=${jwt({ sub: '7' })}`, `dave=${jwt({ sub: '7' })}`] },
      'the tokens of alice and dave are of one user (sub 7)',
    ],
  ])('with the flags %j is refused', async (flags, message) => {
    await expect(readTarget('http://127.0.0.1/', flags)).rejects.toThrow(message)
  })
})

it('an authority is read from its file, and must be one', async () => {
  const { ca } = await readTarget('https://127.0.0.1/', { ca: await file(selfSigned.cert, 'ca.pem') })
  expect(ca).toBe(selfSigned.cert)
  const wrong = readTarget('https://127.0.0.1/', { ca: await file('x', 'wrong.pem') })
  await expect(wrong).rejects.toThrow('is no certificate')
})

describe('the users of a Keycloak export', () => {
  const users = [
    { username: 'ann', id: '11111111-1111-4111-8111-111111111111', realmRoles: ['staff'] },
    { username: 'ben', realmRoles: [] },
    { username: 'cat' },
  ]
  const read = async (flags: object, json: object = { realm: 'own', users }) =>
    readTarget('http://127.0.0.1/', { realm: await file(JSON.stringify(json), 'realm.json'), ...flags })

  it('are who the tokens name: its first two, or those that are named', async () => {
    expect((await read({})).users).toEqual({
      ann: {
        claims: { sub: users[0]?.id, preferred_username: 'ann', roles: ['staff'] },
        expect: {},
      },
      ben: { claims: { sub: 'ben', preferred_username: 'ben', roles: [] }, expect: {} },
    })
    const { users: named } = await read({ expect: ['cat=rows of cat'] })
    expect(named).toMatchObject({ cat: { claims: { sub: 'cat' }, expect: { text: 'rows of cat' } } })
  })

  it('must be there', async () => {
    await expect(read({ expect: ['alice=x'] })).rejects.toThrow(/no user alice: name one of ann, ben, cat/)
    await expect(read({}, { realm: 'own' })).rejects.toThrow('has no user: export the realm with its users')
    await expect(read({ realm: '/nowhere.json' })).rejects.toThrow(/cannot be read \(ENOENT\)/)
  })
})

it('two tokens of one issuer and two users are taken, and an opaque one, too', async () => {
  const [one, two] = [jwt({ iss: 'https://a', sub: '1' }), jwt({ iss: 'https://a', sub: '2' })]
  const { users } = await readTarget('http://127.0.0.1/', {
    token: [`alice=${one}`, `dave=${two}`, 'bob=opaque'],
  })
  expect(Object.keys(users)).toEqual(['alice', 'dave', 'bob'])
})

it('the starter is a target, and is not written over a file', async () => {
  const path = join(folder, 'started.yaml')
  await writeStarter(path)
  expect(await readTarget(path, {})).toMatchObject({ tool: 'list_rows', scope: 'read' })
  await expect(writeStarter(path)).rejects.toThrow('is there already')
})

describe('a host', () => {
  it.each(['http://127.0.0.1:8000/', 'http://localhost/', 'http://[::1]/'])('%s is probed', (url) => {
    expect(() => checkHost(url, undefined)).not.toThrow()
  })

  it('elsewhere is probed only if the person says that it is theirs', () => {
    expect(() => checkHost('https://api.example/mcp', undefined)).toThrow('--i-own-this-host api.example')
    expect(() => checkHost('https://api.example/mcp', 'example')).toThrow('--i-own-this-host api.example')
    expect(() => checkHost('https://api.example/mcp', 'api.example')).not.toThrow()
  })
})
