import { realpathSync } from 'node:fs'
import { type AuditRecord, type AuthError, type ServiceName, visible } from '@lab/contract'
import { patternFiles } from '../load-pattern.ts'
import { placeIn } from './place-in.ts'
import { lineOfProperty, lineOfReturn, sourceIn } from './source-lines.ts'

/** The line of a pattern's file that refused a call, or that said who is to decide on it. */
export interface RefusalPlace {
  readonly file: (typeof patternFiles)[number]
  readonly line: number
  /** The line itself. */
  readonly text: string
  /** The preset of the contract whose check it was, where it was one: `verifyProof`. */
  readonly preset?: string
}

/** So many calls are remembered; a stack that serves for hours forgets the oldest. */
const capacity = 2000

/** For each call, the line of the pattern that it last passed or failed at: for the person who reads what was blocked. */
export class RefusalPlaces {
  readonly #folder: string
  readonly #places = new Map<string, RefusalPlace | undefined>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Notes a refusal that the pattern threw. */
  thrown(error: AuthError, trace: string, party: ServiceName | 'mcp-server'): void {
    const found = placeIn(error, [...new Set([realpathSync(this.#folder), this.#folder])])
    const file = patternFiles.find((each) => each === found?.file)
    const preset = presetIn(error)
    this.#note(trace, party, file && found && this.#at(file, found.line, preset))
  }

  /** Notes an identity: whoever its `policy` names decides from here on. */
  identified(trace: string, service: ServiceName): void {
    const line = lineOfProperty(this.#sourceOf('service-auth.ts'), 'policy')
    this.#note(trace, service, line === undefined ? undefined : this.#at('service-auth.ts', line))
  }

  /** Notes a call at the gate: what it said is in the record. */
  atGate(trace: string): void {
    const line = lineOfReturn(this.#sourceOf('mcp-auth.ts'), 'beforeToolCall')
    this.#note(trace, 'mcp-server', line === undefined ? undefined : this.#at('mcp-auth.ts', line))
  }

  /** The line behind this refusal; undefined where the pattern's files have no part in it. */
  of({ trace, service }: Pick<AuditRecord, 'trace' | 'service'>): RefusalPlace | undefined {
    return this.#places.get(`${trace} ${service}`)
  }

  #sourceOf(file: (typeof patternFiles)[number]): string {
    return sourceIn(this.#folder, file)()
  }

  #at(file: (typeof patternFiles)[number], line: number, preset?: string): RefusalPlace {
    const text = visible(this.#sourceOf(file).split('\n')[line - 1]?.trim() ?? '')
    return { file, line, text, ...(preset && { preset }) }
  }

  #note(trace: string, party: string, place: RefusalPlace | undefined): void {
    const key = `${trace} ${party}`
    // A trace may be used for several requests. Where they ended at different lines, none is named.
    const known = this.#places.get(key)
    const differs = this.#places.has(key) && (known?.file !== place?.file || known?.line !== place?.line)
    this.#places.set(key, differs ? undefined : place)
    const [oldest] = this.#places.keys()
    if (this.#places.size > capacity && oldest !== undefined) this.#places.delete(oldest)
  }
}

/** The function of the contract that the pattern called: the outermost of its frames in the stack. */
function presetIn({ stack = '' }: AuthError): string | undefined {
  return stack
    .split('\n')
    .filter((line) => /\/contract\/presets\//.test(line))
    .map((line) => /at (?:async )?(\w+) \(/.exec(line)?.[1])
    .findLast((name) => name !== undefined)
}
