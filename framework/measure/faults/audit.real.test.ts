import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keycloakEvents } from '../../ops/native-stack/keycloak-log.ts'
import { keycloakSettings, opaUrl } from '../../parties/keycloak/settings.ts'
import { stateFolder } from '../../process/folders.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { openJournal } from '../../trace/audit/journal.ts'
import { readEvents, timelineOf } from '../../trace/audit/timeline.ts'

const logs = [join(stateFolder, 'keycloak.log'), join(stateFolder, 'opa.log')]

describe('the audit trail of the real stack', () => {
  let runner: PatternRunner
  let journal: string
  beforeAll(async () => {
    journal = join(mkdtempSync(join(tmpdir(), 'journal-')), 'audit.jsonl')
    runner = await new PatternRunner('p08', {
      keycloak: keycloakSettings(process.env),
      opaUrl: opaUrl(process.env),
      auditSink: openJournal(journal),
    }).start()
  })
  afterAll(async () => {
    await runner.stop()
    rmSync(join(journal, '..'), { recursive: true })
  })

  it('tells one call across agent, Keycloak, MCP server, OPA and service', async () => {
    const { trace } = await runner.runAs('bob', 'Approve expense 103.')
    const timeline = timelineOf(await readEvents([journal, ...logs]), trace)
    const told = timeline.map(({ source, action, outcome }) => `${source}: ${action} ${outcome}`)
    // In what order two writers note what happens within a millisecond is theirs.
    expect(told.sort()).toEqual(
      [
        'idp: login allow',
        'agent: asks idp: POST /realms/agent-auth/protocol/openid-connect/token allow',
        'idp: code_exchange allow',
        'agent: asks mcp-server: server/discover allow',
        'agent: asks mcp-server: tools/list allow',
        'agent: asks mcp-server: tools/call approve_expense allow',
        'pdp: gate expenses:approve allow',
        'mcp-server: expenses:approve allow',
        'idp: token_exchange allow',
        'pdp: relationships expenses:approve allow',
        'expenses: expenses:approve allow',
      ].sort(),
    )
    const issued = timeline.find(({ action }) => action === 'token_exchange')
    const used = timeline.find(({ source }) => source === 'expenses')
    expect(issued).toMatchObject({ user: 'bob', client: 'mcp-server' })
    expect(used?.jti).toBe(issued?.jti)
  })

  it('gives what Keycloak decided in a run, beside the records of the run', async () => {
    const { trace } = await runner.runAs('bob', 'What are my expenses?')
    const events = await keycloakEvents(runner.stack.idp, new Set([trace]))
    expect(events?.map(({ action, user }) => `${action} ${user}`)).toContain('token_exchange bob')
  })

  it('tells a refused exchange by the reason that Keycloak gives', async () => {
    const { admin } = runner.stack.idp
    await runner.runAs('alice', 'What are my expenses?')
    await admin.endSessions('alice')
    const { trace } = await runner.runAs('alice', 'What are my expenses?')
    const timeline = timelineOf(await readEvents([journal, ...logs]), trace)
    expect(timeline.find(({ source }) => source === 'idp')).toMatchObject({
      action: 'token_exchange',
      outcome: 'deny',
      reason: 'invalid_token: subject_token validation failure',
    })
  })
})
