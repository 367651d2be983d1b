import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stateFolder } from '../../process/folders.ts'
import { UserError } from '../../process/user-error.ts'
import type { AuditSink } from './event.ts'

/** The file to which commands write events, one JSON line each: `AUDIT_LOG`, `-` for standard output. */
export function journalFile(env: Readonly<Record<string, string | undefined>>): string {
  return env.AUDIT_LOG || join(stateFolder, 'audit.jsonl')
}

/** A journal that is longer is put aside when it is opened again. In bytes. */
const longest = 8 * 1024 * 1024

/**
 * Opens a journal to add to. What cannot be written later is an error where it happens: a decision that leaves no
 * trace must not pass unnoticed.
 * @throws {UserError} where it cannot be written
 */
export function openJournal(file: string): AuditSink {
  if (file === '-') return (event) => void process.stdout.write(`${JSON.stringify(event)}\n`)
  try {
    mkdirSync(dirname(file), { recursive: true })
    if (existsSync(file) && statSync(file).size > longest) renameSync(file, `${file}.1`)
    appendFileSync(file, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(
      `the journal ${file} cannot be written (${code}): set AUDIT_LOG to another file, or to - for standard output`,
    )
  }
  return (event) => appendFileSync(file, `${JSON.stringify(event)}\n`)
}
