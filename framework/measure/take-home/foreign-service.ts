import { freePort } from '../../process/free-port.ts'
import { isHealthy } from '../../process/wait-for-health.ts'
import type { PartsElsewhere, ServiceElsewhere } from '../../runner/service-elsewhere.ts'
import type { Prepared } from '../native/prepare.ts'
import { startNative } from '../native/start-native.ts'
import { serveBackEnd } from './back-end.ts'
import type { Language } from './language.ts'

/** Starts a service in its own language and process, from a folder where it was built, in the lab's place. */
export function foreignService({ name }: Language, prepared: Prepared): ServiceElsewhere {
  return async (parts) => {
    const backEnd = await serveBackEnd(parts)
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    try {
      const running = await startNative(prepared, {
        name: `the service in ${name}`,
        url,
        env: settingsOf(parts, backEnd.url, url, port),
        isReady: () => isHealthy(`${url}/health`),
      })
      const close = async () => {
        await running.close()
        await backEnd.close()
      }
      return { url, close }
    } catch (error) {
      await backEnd.close()
      throw error
    }
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
