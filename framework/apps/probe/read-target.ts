import { readFile } from 'node:fs/promises'
import { inputProblem } from '@lab/services/input-problem'
import { parse } from 'yaml'
import { UserError } from '../../process/user-error.ts'
import { usersIn } from '../../scenario/own-realm/read-own-realm.ts'
import { checkGivenTokens } from './given-tokens.ts'
import { type Target, targetSchema } from './target.ts'

/** The part of a target that the command line gives; it goes before that of a file. */
export interface TargetFlags {
  readonly tool?: string
  readonly args?: string
  readonly audience?: string
  readonly scope?: string
  readonly acr?: string
  readonly realm?: string
  readonly jwks?: string
  readonly dpop?: true
  readonly canary?: string
  readonly ca?: string
  readonly token?: readonly string[]
  readonly expect?: readonly string[]
  readonly timeout?: string
  readonly maxRequests?: string
}

type Users = Record<string, { token?: string; expect?: { text?: string } }>

/**
 * Reads a target: a URL with flags, or a YAML or JSON file with the same words.
 * @throws {UserError} one line with everything that is wrong
 */
export async function readTarget(where: string, flags: TargetFlags): Promise<Target> {
  const given = /^https?:\/\//.test(where) ? { url: where } : await fromFile(where)
  const users: Users = structuredClone((given.users as Users | undefined) ?? {})
  for (const [user, token] of pairs('--token', flags.token)) users[user] = { ...users[user], token }
  for (const [user, text] of pairs('--expect', flags.expect))
    users[user] = { ...users[user], expect: { text } }
  const parsed = targetSchema.safeParse({
    ...given,
    ...(flags.tool !== undefined && { tool: flags.tool }),
    ...(flags.args !== undefined && { arguments: json(flags.args) }),
    ...(flags.audience !== undefined && { audience: flags.audience }),
    ...(flags.scope !== undefined && { scope: flags.scope }),
    ...(flags.dpop && { scheme: 'DPoP' }),
    ...(flags.canary !== undefined && { canary: { port: Number(flags.canary) } }),
    ...(flags.realm !== undefined && { realm: flags.realm }),
    ...(flags.acr !== undefined && { acr: flags.acr }),
    ...(flags.jwks !== undefined && { jwks: flags.jwks }),
    ...(flags.ca !== undefined && { ca: flags.ca }),
    ...(flags.timeout !== undefined && { timeout: Number(flags.timeout) }),
    ...(flags.maxRequests !== undefined && { maxRequests: Number(flags.maxRequests) }),
    ...(Object.keys(users).length > 0 && { users }),
  })
  if (!parsed.success) throw new UserError(`${where} is no target: ${inputProblem(parsed.error)}`)
  const named = 'users' in given || Object.keys(users).length > 0
  const known = withRealmRead(parsed.data, named)
  const target = await withAuthorityRead(await withTokensRead(known))
  checkGivenTokens(target)
  return target
}

async function fromFile(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `${file} cannot be read (${error.code}): give the URL of a server, or a YAML file that describes it`,
    )
  })
  try {
    const value: unknown = parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new UserError(`${file} is no YAML: ${why}`)
  }
  throw new UserError(`${file} describes no target: it needs at least "url:"`)
}

function pairs(flag: string, values: readonly string[] = []): [string, string][] {
  return values.map((value) => {
    const at = value.indexOf('=')
    if (at < 1 || at === value.length - 1) throw new UserError(`${flag} is user=value, such as alice=…`)
    return [value.slice(0, at), value.slice(at + 1)]
  })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UserError(`--args is no JSON: give an object such as '{"owner":"alice"}'`)
  }
}

/** `@file` stands for what is in the file, so that no token needs to be on a command line. */
async function withTokensRead(target: Target): Promise<Target> {
  const users = await Promise.all(
    Object.entries(target.users).map(async ([name, user]) => {
      if (!user.token?.startsWith('@')) return [name, user] as const
      const file = user.token.slice(1)
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new UserError(`the token of ${name}: ${file} cannot be read (${error.code})`)
      })
      if (text.trim() === '') throw new UserError(`the token of ${name}: ${file} is empty`)
      return [name, { ...user, token: text.trim() }] as const
    }),
  )
  return { ...target, users: Object.fromEntries(users) }
}

/**
 * Takes `sub`, name and roles of each user from a Keycloak export; where nobody is named, its first two users.
 * @throws {UserError}
 */
function withRealmRead(target: Target, named: boolean): Target {
  const { realm: file } = target
  if (file === undefined) return target
  const inRealm = usersIn(file)
  const names = named ? Object.keys(target.users) : inRealm.slice(0, 2).map(({ username }) => username)
  if (names.length === 0) throw new UserError(`${file} has no user: export the realm with its users`)
  const users = names.map((name) => {
    const found = inRealm.find(({ username }) => username === name)
    if (!found) {
      const known = inRealm.map(({ username }) => username).join(', ')
      throw new UserError(`${file} has no user ${name}: name one of ${known}`)
    }
    const { claims, ...user } = target.users[name] ?? { claims: {}, expect: {} }
    const { id: sub = name, roles } = found
    return [name, { ...user, claims: { sub, preferred_username: name, roles, ...claims } }] as const
  })
  return { ...target, users: Object.fromEntries(users) }
}

async function withAuthorityRead(target: Target): Promise<Target> {
  const { ca: file } = target
  if (file === undefined) return target
  const ca = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`the authority ${file} cannot be read (${error.code}): give a PEM file`)
  })
  if (!ca.includes('BEGIN CERTIFICATE')) throw new UserError(`${file} is no certificate: give a PEM file`)
  return { ...target, ca }
}
