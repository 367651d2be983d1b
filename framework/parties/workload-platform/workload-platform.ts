import { randomUUID } from 'node:crypto'
import { type FSWatcher, watch } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'

/** The life of a workload's token, in seconds. */
const lifetime = 60

/** A platform that runs workloads and gives each a token in a file, as Kubernetes and SPIFFE do. */
export interface WorkloadPlatform {
  readonly issuer: string
  readonly jwks: JSONWebKeySet
  /** Keeps a fresh token in the file: a new one whenever it was taken, and before it is over. */
  keepToken(workload: {
    readonly subject: string
    readonly audience: string
    readonly file: string
  }): Promise<void>
  stop(): Promise<void>
}

/** Starts a platform in this process, with a signing key of its own. */
export async function startWorkloadPlatform(): Promise<WorkloadPlatform> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: false })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const issuer = 'https://workloads.example'
  const stops: (() => Promise<void>)[] = []

  return {
    issuer,
    jwks: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] },
    async keepToken({ subject, audience, file }) {
      const write = async () => {
        const token = await new SignJWT({ jti: randomUUID() })
          .setProtectedHeader({ alg: 'ES256', kid })
          .setIssuer(issuer)
          .setSubject(subject)
          .setAudience(audience)
          .setIssuedAt()
          .setExpirationTime(`${lifetime} s`)
          .sign(privateKey)
        // Whole or not at all: nobody reads half a token.
        const fresh = `${file}.new`
        await writeFile(fresh, token, { mode: 0o600 })
        await rename(fresh, file)
      }
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      await write()
      stops.push(keptUp(file, write))
    },
    async stop() {
      for (const stop of stops.splice(0)) await stop()
    },
  }
}

/** Writes again when the file was taken away, and when half the life of what is in it is over. */
function keptUp(file: string, write: () => Promise<void>): () => Promise<void> {
  let stopped = false
  let writing = Promise.resolve()
  const again = () => {
    writing = writing.then(() => (stopped ? undefined : write())).catch(() => {})
  }
  const timer = setInterval(again, (lifetime / 2) * 1000)
  timer.unref()
  const watcher: FSWatcher = watch(dirname(file), { persistent: false }, (_event, name) => {
    // Our own renaming is seen, too: then the file is there.
    if (name?.startsWith(`${basename(file)}.`) && !name.endsWith('.new')) again()
  })
  return async () => {
    stopped = true
    clearInterval(timer)
    watcher.close()
    await writing
    await rm(file, { force: true })
  }
}
