import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { takeWorkloadToken, workloadEndpoint } from './workload-token.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-workload-'))
  file = join(folder, 'token')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const token = (part: string) => `header.${part}.signature`

describe('a workload token is refused', () => {
  it('where none is there in time, and where the caller has left', async () => {
    await expect(takeWorkloadToken(file, { within: 50 })).rejects.toMatchObject({
      code: 'grant_refused',
      message: 'no workload token for 0.05 s: what renews the file has stopped',
    })
    await expect(takeWorkloadToken(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'grant_refused',
      message: 'the caller has left before there was a workload token',
    })
  })

  it('after two seconds, where nobody said how long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const taking = takeWorkloadToken(file)
      vi.setSystemTime(Date.now() + 2_000)
      await expect(taking).rejects.toMatchObject({
        message: 'no workload token for 2 s: what renews the file has stopped',
      })
    } finally {
      vi.useRealTimers()
    }
  })

  it.each(['', 'a secret', 'a.b', 'a.b.c.d', `${'a'.repeat(20_000)}.b.c`])(
    'where the file holds %j, which is not shown, and is taken away',
    async (content) => {
      await writeFile(file, content)
      await expect(takeWorkloadToken(file)).rejects.toMatchObject({
        code: 'grant_refused',
        message: 'what is in the file is no workload token, which is a JWT',
      })
      expect(await readdir(folder)).toEqual([])
    },
  )

  it('where it cannot be taken', async () => {
    await writeFile(file, token('1'))
    const below = join(file, 'token')
    await expect(takeWorkloadToken(below)).rejects.toMatchObject({
      code: 'grant_refused',
      message: 'the workload token cannot be taken: ENOTDIR',
    })
  })
})

it('is taken once: of two who come at a time the second waits for the next one', async () => {
  await writeFile(file, `${token('1')}\n`)
  const taking = [takeWorkloadToken(file), takeWorkloadToken(file)]
  const first = await Promise.race(taking)
  expect(first).toBe(token('1'))
  await writeFile(file, token('2'))
  expect((await Promise.all(taking)).sort()).toEqual([token('1'), token('2')])
  await expect(access(file)).rejects.toThrow('ENOENT')
})

it('is sent as the grant, in the place of client credentials', async () => {
  await writeFile(file, token('1'))
  const asked: unknown[] = []
  const endpoint = { url: 'http://idp.test/token', request: async (...of: unknown[]) => `${asked.push(of)}` }
  const options = { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' }
  const request = { grant_type: 'client_credentials', scope: 'expenses:read' }
  await workloadEndpoint(endpoint, file).request(request, options)
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  expect(asked).toEqual([[{ grant_type, scope: 'expenses:read', assertion: token('1') }, options]])
})
