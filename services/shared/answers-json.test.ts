import { describe, expect, it } from 'vitest'
import { byRoles, startService } from '../testing/service.ts'

const asking = (accept?: string) => ({ headers: accept === undefined ? {} : { accept } })

describe('a service that is asked for a format', () => {
  it.each([
    'text/html',
    'application/xml, text/csv',
    'application/json;q=0, */*',
    'application/*;q=0, */*;q=0.5',
    '*/*;q=0',
    'application/jsonl',
  ])('refuses %s: it has JSON alone', async (accept) => {
    const service = startService('expenses', byRoles('alice'))
    for (const path of ['/expenses', '/openapi.json', '/health', '/nowhere']) {
      expect(await service.send(path, asking(accept))).toMatchObject({
        status: 406,
        body: { error: 'not_acceptable', reason: 'the answers here are application/json' },
      })
    }
    expect(service.records).toEqual([])
    expect(service.seen).toEqual([])
  })

  it.each([
    undefined,
    '*/*',
    'application/json',
    'APPLICATION/JSON; charset=utf-8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/html, application/*;q=0.1',
    'application/json;q=0.2, */*;q=0',
  ])('gives what %s allows', async (accept) => {
    const service = startService('expenses', byRoles('alice'))
    expect((await service.send('/expenses', asking(accept))).status).toBe(200)
  })
})
