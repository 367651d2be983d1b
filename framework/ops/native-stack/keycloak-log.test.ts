import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BackgroundProcess } from '../../process/background-process.ts'
import { keycloakEvents } from './keycloak-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'keycloak-'))
const running = new BackgroundProcess('keycloak', folder)
const url = 'http://127.0.0.1:9'
const line = (traceId: string) =>
  JSON.stringify({
    timestamp: '2026-11-21T20:00:00.123456789Z',
    loggerName: 'org.keycloak.events',
    message: 'type="LOGIN", clientId="agent-app", userId="b0b", username="bob"',
    mdc: { traceId },
  })

beforeAll(async () => {
  const script = `printf '%s\\n' '${line('mine')}' '${line('theirs')}'; exec sleep 60`
  await running.start('sh', ['-c', script], process.env, { url, health: url })
  while ((await keycloakEvents({ issuer: `${url}/realms/r` }, new Set(['theirs']), folder))?.length !== 1)
    await sleep(20)
})
afterAll(async () => {
  await running.stop()
  rmSync(folder, { recursive: true })
})

it('is read for the traces that are asked for, and no others', async () => {
  const issuer = `${url}/realms/agent-auth`
  const events = await keycloakEvents({ issuer }, new Set(['mine', 'unknown']), folder)
  expect(events).toMatchObject([{ trace: 'mine', source: 'idp', action: 'login', user: 'bob' }])
})

it.each([
  ['another Keycloak', { issuer: 'http://127.0.0.1:90/realms/agent-auth' }],
  [
    'one that is asked at another address',
    { issuer: `${url}/realms/r`, metadataAt: 'http://keycloak/realms/r' },
  ],
])('is not taken for those of %s', async (_case, idp) => {
  expect(await keycloakEvents(idp, new Set(['mine']), folder)).toBeUndefined()
})
