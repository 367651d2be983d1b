import type { AuditRecord } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { Redactor } from '../recorder/redact.ts'
import { safeRecord } from './safe-record.ts'

const record: AuditRecord = {
  time: '2026-11-20T10:00:00.000Z',
  trace: '0af7651916cd43dd8448eb211c80319c',
  pattern: 'p00',
  service: 'expenses',
  action: 'expenses:read',
  resources: ['expense:101'],
  decision: 'deny',
  decidedBy: 'nobody',
  reason: 'expired',
  status: 401,
}

describe('safeRecord', () => {
  it('leaves an honest record as it is', () => {
    expect(safeRecord(record, new Redactor())).toEqual(record)
  })

  it('hides what its writer quoted', () => {
    const redactor = new Redactor()
    const key = 'demo-key-of-alice'
    redactor.register(key, "alice's key")
    expect(
      JSON.stringify(safeRecord({ ...record, reason: `no ${key}`, client: key }, redactor)),
    ).not.toContain(key)
  })

  it('keeps a bounded part of what a stranger sent', () => {
    const many = Array.from({ length: 1000 }, (_, n) => `scope-${n}`)
    const long = { ...record, reason: 'x'.repeat(10_000), scopes: many }
    const { reason, scopes } = safeRecord(long, new Redactor())
    expect(reason).toHaveLength(501)
    expect(scopes).toHaveLength(51)
    expect(scopes?.at(-1)).toBe('… 950 more')
  })
})
