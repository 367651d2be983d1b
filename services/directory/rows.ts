import type { Role } from '@lab/contract'
import type { Database } from 'libsql'

/** One row of the directory: who a user is, and whom they report to. */
export interface DirectoryUser {
  /** The `sub` of the user's tokens: it never changes, as a name can. */
  readonly sub: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly department: string
  readonly manager?: string
}

export type DirectoryRows = ReturnType<typeof directoryRows>

export const directoryTable = `
  CREATE TABLE users (
    sub TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL CHECK (json_valid(roles)),
    department TEXT NOT NULL,
    manager TEXT
  ) STRICT;`

interface Row extends Omit<DirectoryUser, 'roles' | 'manager'> {
  readonly roles: string
  readonly manager: string | null
}

/** @param noteChange is told of each row that changed */
export function directoryRows(connection: Database, noteChange: (row: string) => void) {
  const all = connection.prepare<[]>('SELECT * FROM users ORDER BY name')
  const byName = connection.prepare<[string]>('SELECT * FROM users WHERE name = ?')
  const insert = connection.prepare<[string, string, string, string, string | null]>(
    'INSERT INTO users (sub, name, roles, department, manager) VALUES (?, ?, ?, ?, ?)',
  )
  const setRoles = connection.prepare<[string, string]>('UPDATE users SET roles = ? WHERE name = ?')
  const find = (name: string): DirectoryUser | undefined => byName.all(name).map(userOf)[0]
  return {
    all: (): DirectoryUser[] => all.all().map(userOf),
    find,
    /** The user's roles as they are now; none for a name that is not there. */
    rolesOf: (name: string): readonly Role[] => find(name)?.roles ?? [],
    add({ sub, name, roles, department, manager }: DirectoryUser): void {
      insert.run(sub, name, JSON.stringify(roles), department, manager ?? null)
    },
    /** Replaces the user's roles by this one. */
    setRole(name: string, role: Role): void {
      setRoles.run(JSON.stringify([role]), name)
      noteChange(`user:${name}`)
    },
    /** Does all of the work or, where it throws, none of it. */
    atomically: <Result>(work: () => Result): Result => connection.transaction(work)(),
  }
}

function userOf(row: unknown): DirectoryUser {
  const { sub, name, roles, department, manager } = row as Row
  return { sub, name, roles: JSON.parse(roles) as Role[], department, ...(manager !== null && { manager }) }
}
