import { describe, expect, it } from 'vitest'
import { byRoles, startService } from '../testing/service.ts'

const search = async (user: string, query: string) => {
  const service = startService('documents', byRoles(user))
  const { status, body } = await service.send(`/documents?${new URLSearchParams({ query })}`)
  const ids = (body as { documents: { id: string }[] }).documents.map(({ id }) => id)
  return { status, ids, records: service.records }
}

describe('GET /documents', () => {
  it('leaves out what the caller may not see, and says so in the record alone', async () => {
    const { status, ids, records } = await search('dave', 'incident runbook')
    expect([status, ids]).toEqual([200, []])
    expect(records).toMatchObject([
      {
        decision: 'deny',
        resources: ['document:incident-runbook'],
        reason: 'no role of dave covers documents of engineering',
        status: 200,
      },
    ])
  })

  it('answers the same where nothing was found', async () => {
    const { status, ids, records } = await search('dave', 'no such words')
    expect([status, ids]).toEqual([200, []])
    expect(records).toMatchObject([{ decision: 'allow', resources: [], reason: 'nothing matched' }])
  })

  it.each(['break-glass', 'sealed envelope'])('keeps %j from all but admins', async (query) => {
    expect((await search('bob', query)).ids).toEqual([])
    expect((await search('alice', query)).ids).toEqual(['break-glass'])
  })

  it.each(['incident runbook', 'runbook', 'RUNBOOK incident', 'Page  the on-call'])(
    'finds by %j',
    async (query) => {
      const { ids, records } = await search('bob', query)
      expect(ids).toEqual(['incident-runbook'])
      expect(records).toMatchObject([{ decision: 'allow', resources: ['document:incident-runbook'] }])
    },
  )

  it.each(['%', '_', "' OR 1=1 --", '.*'])('takes %j as it is written', async (query) => {
    expect((await search('alice', query)).ids).toEqual([])
  })

  it('gives of a mixed result what is allowed', async () => {
    expect((await search('alice', 'the')).ids.length).toBeGreaterThan(1)
    const { ids, records } = await search('dave', 'the')
    expect(ids).toEqual(['handbook'])
    expect(records).toMatchObject([{ decision: 'allow', resources: ['document:handbook'] }])
  })
})

it('a search with anything beside the query is refused', async () => {
  const service = startService('documents', byRoles('alice'))
  expect(await service.send('/documents?query=the&group=admins')).toMatchObject({ status: 400 })
})
