import { listen } from '@lab/services'
import { UserError } from '../../process/user-error.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import type { Pattern } from '../../runner/load-pattern.ts'
import type { Stack } from '../../runner/stack.ts'
import { docsClientOf } from '../../scenario/realm/docs-client.ts'
import { advice } from './advice.ts'
import { apiDocsPage } from './page.ts'

/** The parts of a running pattern that the page tells of: a started `PatternRunner` has them. */
export interface Documented {
  readonly pattern: Pick<Pattern, 'name' | 'folder'>
  readonly stack: Pick<Stack, 'realm' | 'serviceUrls'> & {
    readonly metadata: Pick<Stack['metadata'], 'issuer' | 'end_session_endpoint'>
  }
  resetData(): void
}

/** A documentation page that is being served. */
export interface ApiDocs {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the page that documents the services of a running pattern, on loopback: a person signs in and tries an
 * operation. The runner must have been started with `openToDocs`, or the services refuse the page.
 * @throws {UserError} if its port is taken, or the realm has no client for it
 */
export async function startApiDocs(documented: Documented): Promise<ApiDocs> {
  const { pattern, stack } = documented
  const { realm, metadata, serviceUrls } = stack
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
    apiDocsPage(
      {
        pattern: { name: pattern.name, summary: serviceAuth.summary },
        client: { issuer, clientId, redirectUri, endSessionUrl },
        services: serviceUrls,
        users: Object.fromEntries(realm.users.map(({ sub, username }) => [sub, username])),
        advice,
      },
      () => documented.resetData(),
    ),
  )
  return { url: origin, close: () => listener.close() }
}
