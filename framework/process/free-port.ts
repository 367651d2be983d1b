import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { UserError } from './user-error.ts'

/**
 * Below the ports that systems give to whoever asks for any (IANA's begin at 49152, Linux's at 32768): until its owner
 * listens there, no such listener can take it.
 */
const range = [20_000, 30_000] as const
const tries = 200
const given = new Set<number>()

/**
 * A port on loopback for a program that has to be told where to listen. Each is given once in this process.
 * @throws {UserError} where none of many is free
 */
export async function freePort(): Promise<number> {
  for (let each = 0; each < tries; each++) {
    const port = randomInt(...range)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
  throw new UserError(`no port from ${range[0]} to ${range[1]} can be used on 127.0.0.1: end other programs`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
