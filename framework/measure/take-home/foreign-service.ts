import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from '@lab/services'
import { serverEnvironment } from '../../process/child-environment.ts'
import { UserError } from '../../process/user-error.ts'
import { isHealthy } from '../../process/wait-for-health.ts'
import type { PartsElsewhere, ServiceElsewhere } from '../../runner/service-elsewhere.ts'
import { serveBackEnd } from './back-end.ts'
import type { Language } from './language.ts'

/** The time that a service has to listen, in ms: a cold JVM beside other work needs most of it. */
const timeout = 60_000

/** Starts a service in its own language and process, from a folder where it was built, in the lab's place. */
export function foreignService({ name, start }: Language, folder: string): ServiceElsewhere {
  return async (parts) => {
    const backEnd = await serveBackEnd(parts)
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const [command = '', ...args] = start
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...serverEnvironment(process.env), ...settingsOf(parts, backEnd.url, url, port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = outputOf(child)
    const close = async () => {
      await ended(child)
      await backEnd.close()
    }
    const began = Date.now()
    while (!(await isHealthy(`${url}/health`))) {
      if (child.exitCode === null && child.pid !== undefined && Date.now() - began < timeout) {
        await sleep(50)
        continue
      }
      await close()
      throw new UserError(`the service in ${name} does not listen at ${url}: ${said().trim().slice(-2_000)}`)
    }
    return { url, close }
  }
}

/** The service's settings. The names are the same in each language. */
function settingsOf({ issuer, audience, pattern }: PartsElsewhere, lab: string, url: string, port: number) {
  return {
    PATTERN: pattern.slice(0, 3),
    PORT: String(port),
    BASE_URL: url,
    ISSUER: issuer,
    AUDIENCE: audience,
    JWKS_URI: `${lab}/keys`,
    LAB_URL: lab,
    OPA_URL: lab,
  }
}

async function freePort(): Promise<number> {
  const listener = await listen()
  await listener.close()
  return Number(new URL(listener.url).port)
}

/** Keeps what a program prints, the last of it. */
function outputOf(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text = (text + chunk).slice(-8_000)
    })
  }
  child.once('error', (error) => {
    text += error.message
  })
  return () => text
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(timer)
}
