import type { ServiceName } from '@lab/contract'
import { listen } from '@lab/services'
import type { Realm } from '../realm/realm.ts'
import { describePattern } from '../runner/describe-pattern.ts'
import { UserError } from '../user-error.ts'
import { advice } from './advice.ts'
import { docsClientOf } from './docs-client.ts'
import { apiDocsPage } from './page.ts'

/**
 * Serves the page that documents the services of a pattern, on loopback: a person signs in and tries an operation.
 * @returns what ends it
 * @throws {UserError} where its port is taken, or the realm has no client for it
 */
export async function startApiDocs(served: {
  readonly pattern: { readonly name: string; readonly folder: string }
  readonly realm: Realm
  /** The identity provider's, as `discover` gives it. */
  readonly metadata: { readonly issuer: string; readonly end_session_endpoint?: string }
  readonly serviceUrls: Readonly<Record<ServiceName, string>>
}): Promise<() => Promise<void>> {
  const { pattern, realm, metadata, serviceUrls } = served
  const { issuer, end_session_endpoint: endSessionUrl } = metadata
  if (!endSessionUrl) {
    throw new UserError(
      `nobody could sign out of the documentation page: the metadata of ${issuer} has no end_session_endpoint`,
    )
  }
  const { origin, clientId, redirectUri } = docsClientOf(realm)
  const { serviceAuth } = await describePattern(pattern.folder)
  const { port } = new URL(origin)
  const listener = await listen(Number(port)).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(
      `the documentation page needs port ${port} (${cause.code}): end what listens there, such as another serve --docs`,
      { cause },
    )
  })
  listener.serve(
    apiDocsPage({
      pattern: { name: pattern.name, summary: serviceAuth.summary },
      client: { issuer, clientId, redirectUri, endSessionUrl },
      services: serviceUrls,
      users: Object.fromEntries(realm.users.map(({ sub, username }) => [sub, username])),
      advice,
    }),
  )
  return () => listener.close()
}
