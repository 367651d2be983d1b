import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from '@lab/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkOpa } from '../../parties/pdp/opa-check.ts'
import { policyFolder, revisionOf } from '../../parties/pdp/policy-record.ts'
import { cacheFolder } from '../../process/folders.ts'
import { waitForHealth } from '../../process/wait-for-health.ts'
import { NativeStack } from './native-stack.ts'
import { foundOpa } from './opa-binary.ts'

const binary = foundOpa(cacheFolder(process.env))
const question = '/v1/data/agentauth/relationships/decisions'
const input = {
  subject: { user: 'dave', roles: ['read-only'] },
  actors: ['mcp-server'],
  scopes: ['users:manage'],
  action: 'users:manage',
  resources: [{ type: 'user', id: 'bob' }],
}

describe.skipIf(!binary)('the OPA server of the native stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opa-api-'))
  let url: string
  let stack: NativeStack
  beforeAll(async () => {
    const free = await listen()
    url = free.url
    await free.close()
    const place = {
      keycloakUrl: 'http://127.0.0.1:9',
      managementPort: 9,
      opaUrl: url,
      admin: { username: 'admin', password: 'admin' },
      stateFolder: folder,
    }
    stack = new NativeStack(place, { ...process.env, OPENAI_API_KEY: 'sk-stand-in' })
    await stack.startOpa(binary ?? '')
    await waitForHealth(stack.opa, stack.addresses.opa.health, { report() {}, update() {} })
  })
  afterAll(async () => {
    await stack.opa.stop()
    rmSync(folder, { recursive: true })
  })

  const send = (method: string, path: string, body?: unknown, type = 'application/json') =>
    fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': type },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })

  it.each([
    ['an ad-hoc query', 'POST', '/v1/query', { query: 'x := opa.runtime().env' }],
    ['an ad-hoc query in the address', 'GET', '/v1/query?q=x:=1', undefined],
    ['an ad-hoc query behind two slashes', 'POST', '//v1/query', { query: 'x := 1' }],
    ['a compilation', 'POST', '/v1/compile', { query: 'data.users' }],
    ['the page for queries', 'GET', '/', undefined],
    ['a question to the default decision', 'POST', '/', input],
    ['all data', 'GET', '/v1/data', undefined],
    ['a change of data', 'PUT', '/v1/data/users', {}],
    ['the policies', 'GET', '/v1/policies', undefined],
    ['a policy that drops the decision log', 'PUT', '/v1/policies/x', 'package system.log\ndrop := true'],
    ['the configuration', 'GET', '/v1/config', undefined],
    ['the metrics', 'GET', '/metrics', undefined],
    ['an explanation', 'POST', `${question}?explain=full`, { input }],
    ['a question by an encoded slash', 'POST', '/v1/data/agentauth/relationships%2fdecisions', { input }],
  ])('refuses %s', async (_what, method, path, body) => {
    const response = await send(method, path, body)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'unauthorized' })
  })

  it('refuses what a web page can send without asking', async () => {
    expect((await send('POST', question, { input }, 'text/plain')).status).toBe(401)
  })

  it('answers the questions of the lab, and logs each of them', async () => {
    await checkOpa({ url, revision: revisionOf(policyFolder), fetch })
    const response = await send('POST', `${question}?provenance=true`, { input })
    expect(await response.json()).toMatchObject({ result: [{ allow: false }] })
    // Written a moment after the answer.
    while (!readFileSync(stack.opa.log, 'utf8').includes('agentauth/relationships/decisions')) await sleep(20)
  })

  it.runIf(process.platform === 'linux')('has no secret of ours in its environment', () => {
    const environment = readFileSync(`/proc/${stack.opa.pid}/environ`, 'utf8').split('\0')
    expect(environment.filter((each) => each.includes('sk-stand-in'))).toEqual([])
  })
})
