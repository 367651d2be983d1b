import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NativeStack, placeFrom } from './native-stack.ts'

let folder: string
let stack: NativeStack
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-'))
  stack = new NativeStack({
    keycloakUrl: 'http://127.0.0.1:9',
    managementPort: 9,
    opaUrl: 'http://127.0.0.1:9',
    admin: { username: 'admin', password: 'admin' },
    stateFolder: folder,
  })
})
afterEach(async () => {
  await stack.opa.stop()
  rmSync(folder, { recursive: true })
})

describe('a stack that runs at another address than the environment names', () => {
  const there = { url: 'http://127.0.0.1:19', health: 'http://127.0.0.1:19/health' }
  beforeEach(() => stack.opa.start('sleep', ['60'], process.env, there))

  it('is not started a second time', async () => {
    const starting = stack.up({ report() {}, update() {} })
    await expect(starting).rejects.toThrow(
      'opa runs at http://127.0.0.1:19 already: set OPA_URL=http://127.0.0.1:19, or pnpm run stack down',
    )
  })

  it('is told where it is, beside what does not run', async () => {
    expect(await stack.status()).toEqual([
      { name: 'keycloak', state: 'down', url: 'http://127.0.0.1:9' },
      {
        name: 'opa',
        state: 'not healthy',
        url: there.url,
        ours: { pid: stack.opa.pid, log: stack.opa.log },
        elsewhere: 'set OPA_URL=http://127.0.0.1:19',
      },
    ])
  })
})

describe('placeFrom', () => {
  it.each([
    { KEYCLOAK_URL: 'http://keycloak.example:8080' },
    { KEYCLOAK_URL: 'https://127.0.0.1:8443' },
    { OPA_URL: 'http://0.0.0.0:8181' },
  ])('refuses %j, which is not for this machine to start', (env) => {
    expect(() => placeFrom(env)).toThrow(/is not on this machine: unset KEYCLOAK_URL and OPA_URL/)
  })
})
