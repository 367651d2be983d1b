import type { Decision, Identity } from '@lab/contract'
import { lineOfHeader, lineOfProperty, lineOfReturn } from './source-lines.ts'
import { WrongResult } from './wrong-result.ts'

/**
 * The headers of a pattern, if they are some.
 * @param source gives the text of the pattern's file, to name the line
 * @throws {WrongResult} that says what is wrong, and in which line
 */
export function checkedHeaders(result: unknown, source: () => string): Record<string, string> {
  if (typeof result !== 'object' || result === null) {
    const wanted = "headers, such as { authorization: 'Bearer …' }"
    throw new WrongResult(
      `prepareRequest must return ${wanted}, and returned ${nameOf(result)}`,
      lineOfReturn(source(), 'prepareRequest'),
    )
  }
  for (const [name, value] of entriesOf(result)) {
    const refuse = (what: string) => {
      throw new WrongResult(`the header ${name} ${what}`, lineOfHeader(source(), name))
    }
    // It is told here: its own rejection would be told again.
    if (isPromise(value)) Promise.resolve(value).catch(() => {})
    if (isPromise(value) || String(value).includes('[object Promise]'))
      refuse('is a Promise: await is missing')
    if (typeof value !== 'string') refuse(`must be a string, and is ${nameOf(value)}`)
    if (!canBeSent(name, String(value)))
      refuse('cannot be sent: a header has neither line breaks nor signs beyond Latin-1')
  }
  return result as Record<string, string>
}

/**
 * The decision of a pattern's gate, if it is one.
 * @throws {WrongResult} that says what is wrong, and in which line
 */
export function checkedDecision(result: unknown, source: () => string): Decision {
  const decision = (result ?? {}) as { allow?: unknown; pending?: unknown }
  if (typeof decision === 'object' && (typeof decision.allow === 'boolean' || isObject(decision.pending))) {
    return result as Decision
  }
  throw new WrongResult(
    `beforeToolCall must return a decision, such as { allow: true, reason: '…' }, and returned ${nameOf(result)}`,
    lineOfReturn(source(), 'beforeToolCall'),
  )
}

const policies: readonly unknown[] = [
  'nobody',
  'any-caller',
  'roles',
  'opa/scope',
  'opa/relationships',
  'opa/agents',
] satisfies Identity['policy'][]

/**
 * The identity of a pattern, if it is one.
 * @returns it, and what is wrong with it where it is refused anyway
 * @throws {WrongResult} for what is no identity at all
 */
export function checkedIdentity(
  result: unknown,
  source: () => string,
): { identity: Identity; wrong?: WrongResult } {
  if (!isObject(result)) {
    throw new WrongResult(
      `getIdentity must return an identity, and returned ${nameOf(result)}`,
      lineOfReturn(source(), 'getIdentity'),
    )
  }
  const identity = result as Identity
  if (policies.includes(identity.policy)) return { identity }
  const known = policies.map((policy) => `'${policy}'`).join(', ')
  const wrong = new WrongResult(
    `policy must be one of ${known}, and is ${JSON.stringify(identity.policy) ?? 'undefined'}`,
    lineOfProperty(source(), 'policy') ?? lineOfReturn(source(), 'getIdentity'),
  )
  return { identity, wrong }
}

function entriesOf(headers: object): [string, unknown][] {
  return headers instanceof Headers ? [...headers] : Object.entries(headers)
}

function canBeSent(name: string, value: string): boolean {
  try {
    new Headers([[name, value]])
    return true
  } catch {
    return false
  }
}

function isPromise(value: unknown): boolean {
  return isObject(value) && typeof (value as { then?: unknown }).then === 'function'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** A value by its kind alone: it may be a secret. */
function nameOf(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (isPromise(value)) return 'a Promise'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
