import type { Database } from 'libsql'

export interface Expense {
  readonly id: number
  readonly owner: string
  /** In euro, to the cent. */
  readonly amount: number
  readonly description: string
  readonly status: 'pending' | 'approved'
}
export type ExpenseRows = ReturnType<typeof expenseRows>

/** Money is kept in cents: sums of binary fractions of a euro would drift. */
export const expensesTable = `
  CREATE TABLE expenses (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    cents INTEGER NOT NULL CHECK (cents > 0),
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'approved'))
  ) STRICT;`

interface Row extends Omit<Expense, 'amount'> {
  readonly cents: number
}

/** @param noteChange is told of each row that changed */
export function expenseRows(connection: Database, noteChange: (row: string) => void) {
  const all = connection.prepare<[]>('SELECT * FROM expenses ORDER BY id')
  const ofOwner = connection.prepare<[string]>('SELECT * FROM expenses WHERE owner = ? ORDER BY id')
  const byId = connection.prepare<[number]>('SELECT * FROM expenses WHERE id = ?')
  const insert = connection.prepare<[number | null, string, number, string, string]>(
    'INSERT INTO expenses (id, owner, cents, description, status) VALUES (?, ?, ?, ?, ?) RETURNING *',
  )
  const approve = connection.prepare<[number]>(
    `UPDATE expenses SET status = 'approved' WHERE id = ? AND status = 'pending'`,
  )
  return {
    all: (): Expense[] => all.all().map(expenseOf),
    ofOwner: (owner: string): Expense[] => ofOwner.all(owner).map(expenseOf),
    find: (id: number): Expense | undefined => byId.all(id).map(expenseOf)[0],
    /** @param expense without an `id` it gets the next one */
    add({ id, owner, amount, description, status }: Omit<Expense, 'id'> & { readonly id?: number }): Expense {
      // `all` and not `get`: after a broken constraint `get` leaves libsql's statement unfinished, and then it fails
      // for every row that comes later, and no transaction can end.
      const rows = insert.all(id ?? null, owner, Math.round(amount * 100), description, status)
      const added = expenseOf(rows[0])
      noteChange(`expense:${added.id}`)
      return added
    },
    /** @returns false where there is no such expense or it is approved already */
    approve(id: number): boolean {
      const changed = approve.run(id).changes === 1
      if (changed) noteChange(`expense:${id}`)
      return changed
    },
    /** Does all of the work or, where it throws, none of it. */
    atomically: <Result>(work: () => Result): Result => connection.transaction(work)(),
  }
}

function expenseOf(row: unknown): Expense {
  const { id, owner, cents, description, status } = row as Row
  return { id, owner, amount: cents / 100, description, status }
}
