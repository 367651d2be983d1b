import { afterEach, describe, expect, it } from 'vitest'
import { UserError } from '../process/user-error.ts'
import { openJournal } from '../trace/audit/journal.ts'
import { PatternRunner } from './pattern-runner.ts'

const disk = { full: false }
const broken = openJournal('/dev/full')
let runner: PatternRunner

async function started(which: string): Promise<PatternRunner> {
  disk.full = false
  runner = new PatternRunner(which, { auditSink: (event) => (disk.full ? broken(event) : undefined) })
  await runner.start()
  await runner.runAs('bob', 'What are my expenses?')
  disk.full = true
  return runner
}
const statusOf103 = () => runner.snapshot().expenses.find(({ id }) => id === 103)?.status

afterEach(() => runner.stop())

describe('where the journal cannot be written', () => {
  it.each(['p02', 'p06', 'p08'])(
    '%s changes nothing, records no permission, and tells who asked',
    async (which) => {
      const { audit } = await started(which)
      const before = audit.length
      await expect(runner.runAs('bob', 'Approve expense 103.')).rejects.toThrow(UserError)
      expect(statusOf103()).toBe('pending')
      expect(audit.slice(before).filter(({ decision }) => decision === 'allow')).toEqual([])
      disk.full = false
      await runner.runAs('bob', 'Approve expense 103.')
      expect(statusOf103()).toBe('approved')
    },
  )

  it('a service answers with a 503 and its code', async () => {
    const { serviceUrls } = (await started('p02')).stack
    const headers = { 'x-api-key': 'demo-key-of-the-agent' }
    for (const [path, method] of [
      ['/expenses/103/approve', 'POST'],
      ['/expenses', 'GET'],
    ] as const) {
      const response = await fetch(`${serviceUrls.expenses}${path}`, { method, headers })
      expect([response.status, await response.json()]).toMatchObject([503, { error: 'audit_unavailable' }])
    }
  })
})
