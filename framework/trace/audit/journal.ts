import { accessSync, appendFileSync, constants, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { visible } from '@lab/contract'
import type { Environment } from '../../process/environment.ts'
import { stateFolder, userStateFolder } from '../../process/folders.ts'
import { leaveStandardOutput } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import type { AuditEvent, AuditSink } from './event.ts'
import { writeWhole } from './write-whole.ts'

/**
 * The file to which commands write events, one JSON line each: `AUDIT_LOG`, `-` for standard output. Where nobody named
 * one and the checkout is another user's, it is in the user's own state folder.
 * @param folders where it may be, the best first
 */
export function journalFile(env: Environment, folders = [stateFolder, userStateFolder(env)]): string {
  return env.AUDIT_LOG || join(folders.find((folder) => canBeWritten(folder)) ?? stateFolder, 'audit.jsonl')
}

/**
 * True for a folder that can be written, and for one that can be created.
 * @param access throws where this process may not; root may everything, so that tests name another one
 */
export function canBeWritten(folder: string, access = accessSync): boolean {
  try {
    access(folder, constants.W_OK | constants.X_OK)
    return statSync(folder).isDirectory()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' && dirname(folder) !== folder && canBeWritten(dirname(folder), access)
  }
}

/** A journal that is longer is put aside when it is opened again. In bytes. */
const longest = 8 * 1024 * 1024

const standardOutput = {
  leave: leaveStandardOutput,
  write: (line: string) => writeWhole(process.stdout.fd, line),
}

/**
 * Opens a journal to add to. What cannot be written later is an error where it happens: a decision that leaves no
 * trace must not pass unnoticed.
 * @throws {UserError} where it cannot be written
 */
export function openJournal(file: string, output = standardOutput): AuditSink {
  if (file === '-') {
    // Whoever reads the journal must find nothing there that anybody else wrote.
    output.leave()
    return (event) => writing(file, () => output.write(lineOf(event)))
  }
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
  return (event) => writing(file, () => appendFileSync(file, lineOf(event)))
}

/** One line, with nothing hidden in it. */
function lineOf(event: AuditEvent): string {
  return `${visible(JSON.stringify(event))}\n`
}

/** @throws {UserError} where the work cannot be done */
function writing(file: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const place = file === '-' ? 'on standard output' : file
    throw new UserError(
      `the journal ${place} cannot be written (${code}): make room for it, or set AUDIT_LOG to another file`,
    )
  }
}
