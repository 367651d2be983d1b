/** The type of {@link ActionDetails} (RFC 9396 section 2). */
export const actionType = 'tool_call'

/** One action as `authorization_details` say it (RFC 9396 section 2): a tool, its service, and every argument. */
export interface ActionDetails {
  readonly type: typeof actionType
  /** The one service that carries it out, by its audience (RFC 9396 section 2.2). */
  readonly locations: readonly [string]
  readonly tool: string
  readonly arguments: Readonly<Record<string, Scalar>>
}
export type Scalar = string | number | boolean

/** The greatest number of arguments, and of characters in one: a person reads them all. */
export const argumentsAtMost = 20
export const argumentLength = 500

/** Reads details that came over the wire. @returns undefined for anything that is not exactly of this form */
export function actionDetailsIn(value: unknown): ActionDetails | undefined {
  if (!isRecord(value)) return undefined
  const { type, locations, tool, arguments: args, ...more } = value
  const known =
    type === actionType &&
    Object.keys(more).length === 0 &&
    Array.isArray(locations) &&
    locations.length === 1 &&
    isShort(locations[0]) &&
    isShort(tool) &&
    isRecord(args) &&
    Object.keys(args).length <= argumentsAtMost &&
    Object.entries(args).every(([name, argument]) => isShort(name) && isScalar(argument))
  return known ? (value as unknown as ActionDetails) : undefined
}

/** An argument as text: in a path it is nothing else. Undefined for what is no single value. */
export function argumentText(argument: unknown): string | undefined {
  return isScalar(argument) ? String(argument) : undefined
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.length <= argumentLength
  return typeof value === 'boolean' || Number.isFinite(value)
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 100
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
