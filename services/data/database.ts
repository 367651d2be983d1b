import type { Role } from '@lab/contract'
import Connection from 'libsql'
import { type DirectoryRows, type DirectoryUser, directoryRows, directoryTable } from '../directory/rows.ts'
import { type Document, type DocumentRows, documentRows, documentsTable } from '../documents/rows.ts'
import { type Expense, type ExpenseRows, expenseRows, expensesTable } from '../expenses/rows.ts'
import { RowChanges } from '../shared/row-changes.ts'
import { seedDocuments, seedExpenses } from './seed.ts'

/** All rows as plain JSON, to compare before and after. */
export interface Snapshot {
  readonly expenses: readonly Expense[]
  readonly documents: readonly Document[]
  readonly users: readonly DirectoryUser[]
}

export interface Database {
  readonly expenses: ExpenseRows
  readonly documents: DocumentRows
  readonly directory: DirectoryRows
  /** The user's roles as they are now; none for a name that is not in the directory. */
  rolesOf(name: string): readonly Role[]
  /** Puts every row back to the seed. */
  reset(): void
  snapshot(): Snapshot
  /** Tells of each row that a request changes from now on. */
  readonly watchChanges: RowChanges['watch']
  /** Adds a document that somebody else wrote, such as one that carries instructions; `reset` removes it. */
  plantDocument(document: Document): void
  close(): void
}

/** Opens an SQLite database in memory, seeded afresh, with these users as its directory. */
export function openDatabase(users: readonly DirectoryUser[]): Database {
  const connection = new Connection(':memory:')
  connection.exec(expensesTable + documentsTable + directoryTable)
  const changes = new RowChanges()
  const expenses = expenseRows(connection, changes.note)
  const documents = documentRows(connection)
  const directory = directoryRows(connection, changes.note)

  const reset = connection.transaction(() => {
    connection.exec('DELETE FROM expenses; DELETE FROM documents; DELETE FROM users')
    for (const expense of seedExpenses) expenses.add(expense)
    for (const document of seedDocuments) documents.add(document)
    for (const user of users) directory.add(user)
  })
  reset()
  return {
    expenses,
    documents,
    directory,
    rolesOf: directory.rolesOf,
    reset,
    snapshot: () => ({ expenses: expenses.all(), documents: documents.all(), users: directory.all() }),
    watchChanges: changes.watch,
    plantDocument: documents.add,
    close: () => void connection.close(),
  }
}
