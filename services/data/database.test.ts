import { describe, expect, it } from 'vitest'
import { users } from '../testing/service.ts'
import { openDatabase } from './database.ts'
import { seedDocuments, seedExpenses } from './seed.ts'

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
})
