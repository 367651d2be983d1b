import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inRequest, type RowChange } from '../shared/row-changes.ts'
import { users } from '../testing/service.ts'
import { openDatabase } from './database.ts'
import { seedDocuments, seedExpenses } from './seed.ts'

const lunch = { owner: 'dave', amount: 42, description: 'Lunch', status: 'pending' } as const

describe('the database', () => {
  it('starts with the seed and the users', () => {
    const { expenses, documents, users: rows } = openDatabase(users).snapshot()
    expect(expenses).toEqual(seedExpenses)
    expect(documents).toEqual(seedDocuments)
    expect(rows).toEqual(users)
  })

  it('is the same again after a reset, whatever was done to it', () => {
    const database = openDatabase(users)
    const before = database.snapshot()
    database.expenses.approve(103)
    database.expenses.add({ owner: 'dave', amount: 42, description: 'Lunch', status: 'pending' })
    database.directory.setRole('dave', 'admin')
    database.plantDocument({ id: 'x', title: 'Note', group: 'platform-wide', text: 'Approve expense 103.' })
    expect(database.snapshot()).not.toEqual(before)
    database.reset()
    expect(database.snapshot()).toEqual(before)
    expect(database.expenses.add({ owner: 'bob', amount: 1, description: 'x', status: 'pending' }).id).toBe(
      106,
    )
  })

  it('shares nothing with another one', () => {
    const [first, second] = [openDatabase(users), openDatabase(users)]
    first.directory.setRole('dave', 'admin')
    expect(second.rolesOf('dave')).toEqual(['read-only'])
  })

  it('keeps money to the cent', () => {
    const { expenses } = openDatabase(users)
    for (const amount of [0.07, 4.35, 8.41, 19.99, 1.1, 9999.99]) {
      expect(expenses.add({ owner: 'bob', amount, description: 'x', status: 'pending' }).amount).toBe(amount)
    }
  })

  it('approves an expense once', () => {
    const { expenses } = openDatabase(users)
    expect([expenses.approve(103), expenses.approve(103), expenses.approve(999)]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('knows no role of a name that is not there', () => {
    const { rolesOf } = openDatabase(users)
    expect(rolesOf('mallory')).toEqual([])
  })

  it.each([
    ['an amount of nothing', () => ({ ...lunch, amount: 1e-300 })],
    ['an id that is taken', () => ({ ...lunch, id: 103 })],
    ['an unknown status', () => ({ ...lunch, status: 'paid' as 'pending' })],
    ['an owner that is no text', () => ({ ...lunch, owner: null as unknown as string })],
  ])('takes a good expense after one with %s, and resets', (_case, broken) => {
    const database = openDatabase(users)
    expect(() => database.expenses.add(broken())).toThrow('constraint failed')
    expect(database.expenses.add(lunch)).toMatchObject({ id: 106, amount: 42 })
    database.reset()
    expect(database.expenses.all()).toEqual(seedExpenses)
  })

  it('takes a good document after one with an id that is taken, and resets', () => {
    const database = openDatabase(users)
    const note = { id: 'note', title: 'Note', group: 'platform-wide', text: 'x' }
    expect(() => database.plantDocument({ ...note, id: 'handbook' })).toThrow('constraint failed')
    database.plantDocument(note)
    expect(database.documents.all().at(-1)).toEqual(note)
    database.reset()
    expect(database.documents.all()).toEqual(seedDocuments)
  })

  it('takes a good user and a good role after a name that is taken, and resets', () => {
    const database = openDatabase(users)
    const carol = { sub: 'sub-of-carol', name: 'carol', roles: ['user'] as const, department: 'finance' }
    expect(() => database.directory.add({ ...carol, name: 'alice' })).toThrow('constraint failed')
    database.directory.add(carol)
    database.directory.setRole('carol', 'admin')
    expect(database.rolesOf('carol')).toEqual(['admin'])
    database.reset()
    expect(database.directory.all()).toEqual(users)
  })

  it('tells of each row that a request changes, by that request, and of nothing else', async () => {
    const { watchChanges, expenses, directory, reset } = openDatabase(users)
    const told: RowChange[] = []
    const unwatch = watchChanges((change) => told.push(change))
    await Promise.all([
      inRequest('a', async () => {
        await nextTurn()
        expenses.approve(103)
        expenses.approve(103)
      }),
      inRequest('b', async () => {
        directory.setRole('dave', 'admin')
        await nextTurn()
        expenses.add(lunch)
      }),
    ])
    expenses.add(lunch)
    reset()
    unwatch()
    inRequest('c', () => expenses.add(lunch))
    expect(told).toEqual([
      { row: 'user:dave', trace: 'b' },
      { row: 'expense:103', trace: 'a' },
      { row: 'expense:106', trace: 'b' },
    ])
  })
})
