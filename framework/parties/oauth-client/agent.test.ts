import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultRealmFile, readRealm } from '../../scenario/realm/index.ts'
import { startEmbeddedIdp } from '../idp/index.ts'
import { describeAgentWithoutUser } from './testing/agent.ts'

describeAgentWithoutUser('the embedded IdP', async (clients) => {
  const folder = mkdtempSync(join(tmpdir(), 'realm-'))
  const file = join(folder, 'realm.json')
  const realm = JSON.parse(readFileSync(defaultRealmFile, 'utf8')) as { clients: unknown[] }
  writeFileSync(file, JSON.stringify({ ...realm, clients: [...realm.clients, ...clients] }))
  try {
    return await startEmbeddedIdp({ realm: readRealm(file), audit: () => {} })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
