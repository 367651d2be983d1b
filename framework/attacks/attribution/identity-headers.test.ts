import { describe, expect, it } from 'vitest'
import { wordsIn } from '../attacker/words-in.ts'
import { flawed } from '../testing/outcomes.ts'
import { spoofedHeaders } from './identity-headers.ts'

const alice = { name: 'alice', sub: 'sub-of-alice', role: 'admin' }

describe('headers that say who somebody is', () => {
  const said = (name: string, others: readonly string[], words: readonly string[] = []) =>
    spoofedHeaders(alice, others, words).flatMap((headers) => headers[name] ?? [])

  it('are the usual ones, with the name, the id and the role', () => {
    expect(said('x-forwarded-user', [])).toEqual(['alice', 'sub-of-alice'])
    expect(said('x-roles', [])).toEqual(['admin', 'admin'])
    expect(spoofedHeaders(alice, [], ['hr_lead'])).toHaveLength(3)
  })

  it('are whatever a service asks for, with all that it may want there', () => {
    const values = said('x-acme', ['x-acme'], ['hr_lead'])
    expect(values).toEqual(expect.arrayContaining(['alice', 'sub-of-alice', 'admin', 'true', '1', 'hr_lead']))
    const documents = values.flatMap((value) => (value.startsWith('{') ? value : []))
    expect(documents.map((each) => JSON.parse(each))).toEqual([
      expect.objectContaining({ username: 'alice', sub: 'sub-of-alice', roles: ['admin'] }),
    ])
    expect(values).toContain(Buffer.from(documents[0] ?? '').toString('base64'))
  })
})

it('the words in code are the strings that a header can carry, each once', async () => {
  const words = await wordsIn(`${flawed('own-words-for-roles')}/service-auth.ts`)
  expect(words).toEqual([
    ...['staff', 'user', 'hr_lead', 'admin', 'Bearer', 'x-acme-clearance', 'scoped_jwt', 'opa/scope'],
  ])
})
