import { type AuditRecord, AuthError } from '@lab/contract'

/** Whoever writes records, and is told of what nobody foresaw. */
interface Writer {
  audit(record: AuditRecord): void
  onError?(error: unknown): void
}

/**
 * Writes a record.
 * @throws {AuthError} `audit_unavailable` where it cannot be written, whatever the reason: the caller then gets that
 *   answer instead of the one that nobody could account for
 */
export function writeRecord(writer: Writer, record: AuditRecord): void {
  try {
    writer.audit(record)
  } catch (cause) {
    writer.onError?.(cause)
    throw new AuthError('audit_unavailable', 'this cannot be recorded, so nothing was done', { cause })
  }
}

/** Tells whether an error says that a record could not be written. */
export function isUnrecorded(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'audit_unavailable'
}
