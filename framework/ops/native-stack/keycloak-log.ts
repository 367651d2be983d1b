import type { IdentityProvider } from '../../parties/idp/index.ts'
import { BackgroundProcess } from '../../process/background-process.ts'
import { stateFolder } from '../../process/folders.ts'
import type { AuditEvent } from '../../trace/audit/event.ts'
import { readEvents } from '../../trace/audit/timeline.ts'

/**
 * Keycloak's events of these traces. Its log is at hand if `pnpm run stack up` started it.
 * @param folder where a running stack keeps its logs
 * @returns undefined where it keeps its log elsewhere
 * @throws {UserError} for a log that cannot be read
 */
export async function keycloakEvents(
  { issuer, metadataAt = issuer }: Pick<IdentityProvider, 'issuer' | 'metadataAt'>,
  traces: ReadonlySet<string>,
  folder = stateFolder,
): Promise<AuditEvent[] | undefined> {
  const { at, log } = new BackgroundProcess('keycloak', folder)
  if (!at || !metadataAt.startsWith(`${at.url}/`)) return undefined
  const events = await readEvents([log])
  return events.filter(({ trace }) => trace !== undefined && traces.has(trace))
}
