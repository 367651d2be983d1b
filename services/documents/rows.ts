import type { Database } from 'libsql'

export interface Document {
  readonly id: string
  readonly title: string
  /** The readers: `platform-wide`, a department, or `admins`. */
  readonly group: string
  readonly text: string
}
export type DocumentRows = ReturnType<typeof documentRows>

export const documentsTable = `
  CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    "group" TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;`

export function documentRows(connection: Database) {
  const all = connection.prepare<[]>('SELECT * FROM documents ORDER BY rowid')
  const insert = connection.prepare<[string, string, string, string]>(
    'INSERT INTO documents (id, title, "group", text) VALUES (?, ?, ?, ?)',
  )
  const documents = () => all.all() as Document[]
  return {
    all: documents,
    /** Documents whose title or text has every word of the query, in any case and order. */
    search(query: string): Document[] {
      const words = query.toLowerCase().split(/\s+/)
      return documents().filter(({ title, text }) => {
        const searched = `${title} ${text}`.toLowerCase()
        return words.every((word) => searched.includes(word))
      })
    },
    add({ id, title, group, text }: Document): void {
      insert.run(id, title, group, text)
    },
  }
}
