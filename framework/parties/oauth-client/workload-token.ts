import { randomUUID } from 'node:crypto'
import { readFile, rename, rm } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { AuthError, type TokenEndpoint } from '@lab/contract'

/** The time that the platform has to put the next token there, unless it is told otherwise. In ms. */
const renewalTime = 2_000
const lookEvery = 10
/** A file that is longer is no token. In characters. */
const longest = 16_384

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * A token endpoint that a workload asks as itself: in the place of client credentials it sends the token that its
 * platform keeps in a file (RFC 7523 section 2.1).
 * @param endpoint asked as the client that the workload is, which has no credential of its own
 */
export function workloadEndpoint(endpoint: TokenEndpoint, file: string): TokenEndpoint {
  return {
    url: endpoint.url,
    async request({ grant_type: _, ...parameters }, options) {
      const assertion = await takeWorkloadToken(file, options)
      return endpoint.request({ ...parameters, grant_type: jwtBearer, assertion }, options)
    },
  }
}

/**
 * Takes the token out of the file. It counts once: whoever takes the file away has it alone, and the platform, which
 * sees that it is gone, puts the next one there.
 * @param options.within the time that the platform has, in ms
 * @throws {AuthError} `grant_refused` where there is no token in time, or none that can be taken
 */
export async function takeWorkloadToken(
  file: string,
  {
    signal,
    within = renewalTime,
  }: { readonly signal?: AbortSignal | undefined; readonly within?: number } = {},
): Promise<string> {
  const mine = `${file}.${randomUUID()}`
  const until = Date.now() + within
  while (!(await taken(file, mine))) {
    if (signal?.aborted) throw refusal('the caller has left before there was a workload token')
    if (Date.now() >= until) {
      throw refusal(`no workload token for ${within / 1000} s: what renews the file has stopped`)
    }
    await setTimeout(lookEvery)
  }
  try {
    const token = (await readFile(mine, 'utf8')).trim()
    if (token.length > longest || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
      throw refusal('what is in the file is no workload token, which is a JWT')
    }
    return token
  } finally {
    await rm(mine, { force: true })
  }
}

/** True if the file was there, and is ours now. @throws {AuthError} where it is there and cannot be taken */
async function taken(file: string, mine: string): Promise<boolean> {
  try {
    await rename(file, mine)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    throw refusal(`the workload token cannot be taken: ${code}`, error)
  }
}

function refusal(reason: string, cause?: unknown): AuthError {
  return new AuthError('grant_refused', reason, { cause })
}
