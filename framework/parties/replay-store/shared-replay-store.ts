import { createHash } from 'node:crypto'
import { AuthError, ReplayCache, type ReplayStore } from '@lab/contract'
import { Redis } from 'ioredis'
import { UserError } from '../../process/user-error.ts'

/** The longest time that the store may take for one answer, or to be connected, in ms. */
const timeout = 2_000

/**
 * A Redis or Valkey that all replicas of the services share. What cannot be asked or does not answer is an outage: no
 * request is let through unseen.
 */
export class SharedReplayStore {
  readonly #redis: Redis
  readonly #timeout: number

  private constructor(redis: Redis, timeout: number) {
    this.#redis = redis
    this.#timeout = timeout
  }

  /**
   * @param url `redis://` or `rediss://`, with user, password and database where it needs them
   * @param limit in ms; how long one answer may take
   * @throws {UserError} for a URL of another kind, a store that cannot be used, or one that forgets entries that still count
   */
  static async open(url: string, limit = timeout): Promise<SharedReplayStore> {
    const where = placeOf(url)
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: limit,
      commandTimeout: limit,
      // Without a connection a command fails at once: a request that waits for one would be answered late, and no better.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(100 * times, 2_000),
    })
    let why = ''
    // Each failure shows at the request that meets it; without a listener the first would end the process.
    redis.on('error', (error: Error) => {
      why = reasonOf(error)
    })
    try {
      await redis.connect()
      await requireThatItKeeps(redis, where)
    } catch (error) {
      redis.disconnect()
      if (error instanceof UserError) throw error
      throw new UserError(
        `the replay store at ${where} cannot be used (${why || reasonOf(error)}): start it, or correct REPLAY_STORE`,
      )
    }
    return new SharedReplayStore(redis, limit)
  }

  /**
   * The part of the store that replicas of one service share.
   * @param own bounds what one user may put there through this replica
   */
  of(service: string, own = new ReplayCache()): ReplayStore {
    return {
      add: async (key, expiresAt, now, cause) => {
        if ((await own.add(key, expiresAt, now, cause)) === 'again') return 'again'
        // By the time that is left: the store's clock may be another one.
        const lifetime = (Math.ceil(expiresAt / 1000) + 1) * 1000 - now
        const name = `agent-auth-lab:replay:${service}:${digest(key)}`
        const added = await this.#ask(() => this.#redis.set(name, '1', 'PX', Math.max(1, lifetime), 'NX'))
        return added === 'OK' ? 'first' : 'again'
      },
    }
  }

  async close(): Promise<void> {
    this.#redis.disconnect()
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command()
    } catch (cause) {
      throw new AuthError(
        'replay_store_unavailable',
        `whether this was used before cannot be seen: the replay store gave no answer in ${this.#timeout / 1000} s`,
        { cause },
      )
    }
  }
}

/** @throws {UserError} where a full store makes room by forgetting, so that a replay would be let through */
async function requireThatItKeeps(redis: Redis, where: string): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1]
  if (policy === 'noeviction') return
  throw new UserError(
    `the replay store at ${where} forgets entries when it is full (maxmemory-policy ${policy}): set noeviction there`,
  )
}

/** Host, port and database, without user and password. @throws {UserError} for another kind of URL */
function placeOf(url: string): string {
  const { protocol, host, pathname } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '', host: '', pathname: '' }
  if (['redis:', 'rediss:'].includes(protocol) && host && /^(\/\d*)?$/.test(pathname)) return host + pathname
  throw new UserError(
    'REPLAY_STORE must be redis://host:port or rediss://host:port, with a number after it or none',
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error)
}

/** Of a fixed length, whatever the sender wrote. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}
