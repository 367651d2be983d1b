import type { Change, NativeProgram } from '../../measure/native/native-program.ts'

/** The outcome of each check on a server, as declared: what is not named holds. */
export interface Declared {
  readonly name: string
  /** The parts that check the token, with their versions, as the page names them. */
  readonly libraries: string
  /** The holes that it has, by the id of the check that finds it: the reason. */
  readonly lacks: Readonly<Record<string, string>>
  /** The checks that do not apply to it or cannot be tried: the reason that the check gives. */
  readonly notApplicable: Readonly<Record<string, string>>
}

/** A server that others' libraries make, right as their documentation says, and what goes wrong with it. */
export interface ForeignServer extends NativeProgram, Declared {
  /** It takes the port and the issuer as its arguments. */
  readonly path: '/mcp' | '/rows'
  readonly mistakes: readonly ServerMistake[]
}

/** A mistake in one server, and the checks that find it. */
export interface ServerMistake {
  readonly what: string
  readonly changes: readonly Omit<Change, 'what'>[]
  /** Ids of checks, beside those of `lacks`. */
  readonly finds: readonly string[]
}
