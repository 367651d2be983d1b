import { type ActionDetails, actionDetailsIn } from '@lab/contract'

/** The one action in `authorization_details` (RFC 9396 section 2). Undefined for none, for several, and for others. */
export function actionIn(details: string): ActionDetails | undefined {
  try {
    const parsed: unknown = JSON.parse(details)
    return Array.isArray(parsed) && parsed.length === 1 ? actionDetailsIn(parsed[0]) : undefined
  } catch {
    return undefined
  }
}

/** `set_user_role, user dave, role admin`: an action as records and drawings say it. */
export function actionInShort({ tool, arguments: args }: ActionDetails): string {
  return [tool, ...Object.entries(args).map(([name, value]) => `${name} ${value}`)].join(', ')
}
