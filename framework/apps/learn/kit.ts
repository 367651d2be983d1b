import type { Attacker } from '../../attacks/attacker/attacker.ts'
import { carriersOf, credentialsOf } from '../../attacks/attacker/capture.ts'
import { idpMetadata } from '../../attacks/attacker/idp-metadata.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import type { Exchange } from '../../trace/recorder/hop.ts'
import type { AttackLab, CapturedRequest, KitParts, OwnClient } from './lab.ts'

/** Plays the scene before the attack. @returns what this attacker has of it, and nothing else */
export async function kitFor(
  lab: AttackLab,
  attacker: Attacker,
  runner: PatternRunner,
): Promise<Partial<KitParts>> {
  const make: { readonly [Part in keyof KitParts]: () => KitParts[Part] | Promise<KitParts[Part]> } = {
    send: () => (service, request) => {
      const { serviceUrls } = runner.stack
      // The learner's code is run without its types.
      if (!(service in serviceUrls)) {
        throw new Error(`there is no service "${service}": use ${Object.keys(serviceUrls).join(', ')}`)
      }
      return send(attacker, serviceUrls[service], request)
    },
    captured: async () => {
      const { user, prompt } = lab.captures ?? { user: 'alice', prompt: 'What are my expenses?' }
      return asCaptured((await attacker.captureCall(user, prompt)).call)
    },
    ask: () => async (prompt) => {
      const { run } = await attacker.capture(lab.chatsAs ?? 'dave', prompt)
      return run.answer
    },
    plant: () => (text) => attacker.plant(text),
    client: () => ownClient(attacker, runner),
    fetch: () => attacker.fetch,
  }
  const parts: Record<string, unknown> = {}
  for (const part of lab.has) parts[part] = await make[part]()
  return parts
}

async function send(
  attacker: Attacker,
  base: string,
  { method, path, headers, body }: Parameters<KitParts['send']>[1],
): ReturnType<KitParts['send']> {
  const given = Object.entries(headers ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const response = await attacker.fetch(base + path, {
    method,
    headers: {
      ...Object.fromEntries(given),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function asCaptured(call: Exchange): CapturedRequest {
  const { pathname, search } = new URL(call.url)
  const { traceparent: _, 'content-type': __, ...carriers } = carriersOf(call)
  return {
    service: call.to as CapturedRequest['service'],
    method: call.method,
    path: pathname + search,
    headers: { ...carriers, ...credentialsOf(call) },
    ...(call.requestBody !== '' && { body: parsed(call.requestBody) }),
  }
}

async function ownClient(attacker: Attacker, runner: PatternRunner): Promise<OwnClient> {
  const { clientId, secret = '' } = clientOf(runner.realm, attacker.rogue.clientId)
  const { accessToken } = await attacker.rogue.signIn('alice')
  const { token_endpoint: tokenEndpoint = '' } = await idpMetadata(runner)
  return { id: clientId, secret, tokenEndpoint, userToken: accessToken }
}
