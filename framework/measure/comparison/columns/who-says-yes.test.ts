import type { AuditRecord } from '@lab/contract'
import { expect, it } from 'vitest'
import { whoSaysYes } from './who-says-yes.ts'

const run = (user: string, approvedBy?: string) => ({
  user,
  record: { user, ...(approvedBy && { approvedBy }) } as AuditRecord,
})

it.each([
  ['nobody', [], 'nobody'],
  ['nobody where no record names an approver', [run('alice')], 'nobody'],
  ['the user', [run('alice'), run('bob', 'bob')], 'the user'],
  ['the user, if only one of two was somebody else', [run('alice', 'bob'), run('bob', 'bob')], 'the user'],
  ['another person', [run('alice', 'bob'), run('dave')], 'another person'],
])('names %s', (_what, honest, expected) => {
  expect(whoSaysYes({ honest })).toBe(expected)
})
